/* cmd_trim.c - see cmd_trim.h. Needs no configuration, no daemon and no database. */
#include "cmd_trim.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "quote.h"

static const char usage[] =
    "Usage: carbonless trim FILE [--html] [--elided]\n"
    "Prints what somebody wrote in an answer (- for standard input), without what they quote, "
    "their\n"
    "signature and the footer of their mail program; all of it, if in doubt.\n"
    "  --html    the answer is HTML, not plain text; plain text is printed\n"
    "  --elided  print what was cut instead\n";

/* All of a file, or of standard input for "-". NULL after a line on standard error. Owned. */
static char *read_input (const char *path, gsize *ret_len)
{
    g_autoptr (GError) error = NULL;
    char *data = NULL;
    char chunk[65536];

    if (strcmp (path, "-") != 0) {
        if (!g_file_get_contents (path, &data, ret_len, &error))
            fprintf (stderr, "carbonless trim: %s\n", error->message);
        return data;
    }
    g_autoptr (GString) all = g_string_new (NULL);
    for (;;) {
        ssize_t got = read (STDIN_FILENO, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fprintf (stderr, "carbonless trim: standard input: %s\n", g_strerror (errno));
            return NULL;
        }
        if (got == 0)
            break;
        g_string_append_len (all, chunk, got);
    }
    *ret_len = all->len;
    return g_string_free (g_steal_pointer (&all), FALSE);
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
    g_autofree char *data = read_input (path, &len);
    if (data == NULL)
        return 2;
    for (gsize i = 0; i < len; i++) /* a NUL ends no answer */
        if (data[i] == '\0')
            data[i] = ' ';
    g_autoptr (Quote) quote =
        is_html ? quote_split_html (data, (gssize)len) : quote_split_text (data);
    const char *text = is_elided ? quote->elided : quote->kept;
    if (printf ("%s%s", text, *text != '\0' ? "\n" : "") < 0 || fflush (stdout) != 0) {
        fprintf (stderr, "carbonless trim: standard output: %s\n", g_strerror (errno));
        return 2;
    }
    return 0;
}
