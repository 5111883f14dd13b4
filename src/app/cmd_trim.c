/* cmd_trim.c - `carbonless trim FILE`: what remains of an answer when quotes are cut. Needs no
 * configuration, no daemon and no database. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input.h"
#include "quote.h"

static const char usage[] =
    "Usage: carbonless trim FILE [--html] [--elided]\n"
    "Prints what somebody wrote in an answer (- for standard input), without what they quote, "
    "their\n"
    "signature and the footer of their mail program; all of it, if in doubt.\n"
    "  --html    the answer is HTML, not plain text; plain text is printed\n"
    "  --elided  print what was cut instead\n";

/* What was read, as UTF-8: what is not is read as windows-1252, and a NUL ends no answer. Owned. */
static char *as_text (GBytes *bytes, gsize *ret_len)
{
    const char *data = g_bytes_get_data (bytes, ret_len);
    char *text = NULL;

    if (*ret_len > 0 && !g_utf8_validate_len (data, *ret_len, NULL))
        text = g_convert_with_fallback (data, (gssize)*ret_len, "UTF-8", "WINDOWS-1252", "?", NULL,
                                        ret_len, NULL);
    if (text == NULL)
        text = *ret_len > 0 ? g_memdup2 (data, *ret_len) : NULL;
    text = g_realloc (text, *ret_len + 1);
    text[*ret_len] = '\0';
    for (char *nul = text; (nul = memchr (nul, '\0', *ret_len - (gsize)(nul - text))) != NULL;)
        *nul = ' ';
    return text;
}

static int usage_error (const char *what, const char *argument)
{
    fprintf (stderr, "carbonless trim: %s%s; see carbonless trim --help\n", what, argument);
    return 2;
}

int cmd_trim (int argc, char **argv)
{
    const char *path = NULL;
    gboolean is_html = FALSE, is_elided = FALSE;
    gsize len = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp (argv[i], "--help") == 0)
            return fputs (usage, stdout) < 0 ? 2 : 0;
        if (strcmp (argv[i], "--html") == 0)
            is_html = TRUE;
        else if (strcmp (argv[i], "--elided") == 0)
            is_elided = TRUE;
        else if (argv[i][0] == '-' && argv[i][1] != '\0')
            return usage_error ("unknown option ", argv[i]);
        else if (path != NULL)
            return usage_error ("more than one file", "");
        else
            path = argv[i];
    }
    if (path == NULL)
        return usage_error ("name a file, or - for standard input", "");
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = input_read (path, &error);
    if (bytes == NULL) {
        fprintf (stderr, "carbonless trim: %s\n", error->message);
        return 2;
    }
    g_autofree char *data = as_text (bytes, &len);
    g_autoptr (Quote) quote =
        is_html ? quote_split_html (data, (gssize)len) : quote_split_text (data);
    const char *text = is_elided ? quote->elided : quote->kept;
    if (printf ("%s%s", text, *text != '\0' ? "\n" : "") < 0 || fflush (stdout) != 0) {
        fprintf (stderr, "carbonless trim: standard output: %s\n", g_strerror (errno));
        return 2;
    }
    return 0;
}
