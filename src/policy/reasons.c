/* reasons.c - every reason code with its sentence for people, from the two tables. Codes are
 * stable: logs, the verdict log and `explain` show them. */
#include "policy.h"

#include <string.h>

static const struct {
    const char *code;
    const char *text;
} reasons[] = {
#define REASON(code, text) {code, text},
#include "policy_reasons.def"
#include "classify_reasons.def"
#undef REASON
};

const char *policy_reason_text (const char *reason)
{
    for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
        if (strcmp (reasons[i].code, reason) == 0)
            return reasons[i].text;
    }
    return NULL;
}

const char *policy_reason_code (guint number)
{
    return number < G_N_ELEMENTS (reasons) ? reasons[number].code : NULL;
}
