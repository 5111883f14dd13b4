/* finding.c - see finding.h. */
#include "finding.h"

static void free_finding (gpointer data)
{
    Finding *finding = data;
    g_free (finding->about);
    g_free (finding->text);
    g_free (finding);
}

GPtrArray *findings_new (void)
{
    return g_ptr_array_new_with_free_func (free_finding);
}

void findings_add (GPtrArray *findings, FindingKind kind, const char *about, const char *format,
                   ...)
{
    va_list args;
    Finding *finding = g_new0 (Finding, 1);
    va_start (args, format);
    finding->kind = kind;
    finding->about = g_strdup (about);
    finding->text = g_strdup_vprintf (format, args);
    va_end (args);
    g_ptr_array_add (findings, finding);
}

gboolean findings_has_wrong (const GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++)
        if (((const Finding *)findings->pdata[i])->kind == FINDING_WRONG)
            return TRUE;
    return FALSE;
}
