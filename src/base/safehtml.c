/* safehtml.c - see safehtml.h: a string in a type of its own, so that nothing else fits its place.
 */
#include "safehtml.h"
#include "safehtml_make.h"

struct SafeHtml {
    char *markup;
};

SafeHtml *safehtml_make (char *take_markup)
{
    SafeHtml *html = g_new0 (SafeHtml, 1);
    html->markup = take_markup != NULL ? take_markup : g_strdup ("");
    return html;
}

const char *safehtml_get (const SafeHtml *html)
{
    return html->markup;
}

void safehtml_free (SafeHtml *html)
{
    if (html == NULL)
        return;
    g_free (html->markup);
    g_free (html);
}
