/* cmd_sanitize.c - `carbonless sanitize FILE`: the fragment that a page would show for an HTML
 * body. Needs no configuration, no daemon and no database. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input.h"
#include "sanitize.h"

static const char usage[] =
    "Usage: carbonless sanitize [--mail | --text] FILE\n"
    "Prints the HTML fragment that a page would show for an HTML body (- for standard input):\n"
    "only elements, attributes, addresses and styles that are on the program's lists; nothing\n"
    "that runs, nothing that is loaded from elsewhere. The input is UTF-8; what is not valid\n"
    "UTF-8 is read as windows-1252. Images that came with the mail need its message, so they\n"
    "are shown by their description here.\n"
    "  --mail  the fragment that a notice would carry: colours, fonts and boxes are kept\n"
    "  --text  readable text instead\n";

typedef enum { SHOW_PAGE, SHOW_MAIL, SHOW_TEXT } Show;

/* The input as UTF-8. Owned. */
static char *as_utf8 (GBytes *bytes, gsize *ret_len)
{
    gsize len = 0;
    const char *data = g_bytes_get_data (bytes, &len);
    char *converted = NULL;
    if (len > 0 && !g_utf8_validate_len (data, len, NULL))
        converted = g_convert_with_fallback (data, (gssize)len, "UTF-8", "WINDOWS-1252", "?", NULL,
                                             ret_len, NULL);
    if (converted != NULL)
        return converted;
    *ret_len = len;
    char *copy = g_malloc (len + 1);
    memcpy (copy, len > 0 ? data : "", len);
    copy[len] = '\0';
    return copy;
}

static void print (GBytes *bytes, Show show)
{
    gsize len = 0;
    g_autofree char *html = as_utf8 (bytes, &len);
    if (show == SHOW_TEXT) {
        g_autofree char *text = html_to_text (html, (gssize)len);
        fputs (text, stdout);
        return;
    }
    const SanitizeRules rules = {.for_mail = show == SHOW_MAIL};
    g_autoptr (SafeHtml) safe = sanitize_html (html, (gssize)len, &rules);
    puts (safehtml_get (safe));
}

int cmd_sanitize (int argc, char **argv)
{
    if (argc == 2 && strcmp (argv[1], "--help") == 0) {
        fputs (usage, stdout);
        return 0;
    }
    Show show = SHOW_PAGE;
    if (argc == 3 && strcmp (argv[1], "--mail") == 0)
        show = SHOW_MAIL;
    else if (argc == 3 && strcmp (argv[1], "--text") == 0)
        show = SHOW_TEXT;
    const char *path = argc == (show == SHOW_PAGE ? 2 : 3) ? argv[argc - 1] : NULL;
    if (path == NULL || (path[0] == '-' && path[1] != '\0')) {
        fputs ("carbonless sanitize: one FILE is needed, - for standard input; see --help\n",
               stderr);
        return 2;
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = input_read (path, &error);
    if (bytes == NULL) {
        fprintf (stderr, "carbonless sanitize: %s\n", error->message);
        return 2;
    }
    print (bytes, show);
    if (fflush (stdout) == 0)
        return 0;
    fputs ("carbonless sanitize: cannot write to standard output\n", stderr);
    return 2;
}
