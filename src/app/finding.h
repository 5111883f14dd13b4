/* finding.h - what `check` found: a list of lines, each fine, to be considered, or wrong. */
#ifndef FINDING_H
#define FINDING_H

#include <glib.h>

typedef enum { FINDING_OK, FINDING_ADVICE, FINDING_WRONG } FindingKind;

typedef struct {
    FindingKind kind;
    char *about; /* "database", "smtpd_milters" */
    char *text;  /* what was found and, when wrong, what to do */
} Finding;

/* Array of Finding, owned. */
GPtrArray *findings_new (void);
void findings_add (GPtrArray *findings, FindingKind kind, const char *about, const char *format,
                   ...) G_GNUC_PRINTF (4, 5);
gboolean findings_has_wrong (const GPtrArray *findings);

#endif
