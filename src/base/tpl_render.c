/* tpl_render.c - fills a compiled template.
 *
 * (I1) Nothing reaches the output of an HTML template unescaped but literal text and SafeHtml.
 * (I2) Depth and output are bounded, whatever templates and data say to each other. */
#include "tpl_template.h"

#include <string.h>

#include "error.h"

#define STACK_MAX 64
#define PARTIAL_DEPTH_MAX 16
#define OUTPUT_BYTES_MAX (32 * 1024 * 1024)

typedef struct {
    TplValue value;
    gboolean is_turn, is_first, is_last; /* of a list */
} Frame;

typedef struct {
    const TplSet *set;
    const Template *template;
    const char *language;
    GTimeZone *zone; /* made when the first time is shown */
    GString *out, *indent;
    Frame stack[STACK_MAX];
    guint depth, partial_depth;
    GError **error;
} Render;

/* What a name stands for. */
typedef struct {
    const TplValue *values;
    guint n;
    TplValue made; /* for what is no value of a map: -first, -last */
    TplTimeForm form;
} Found;

static gboolean fail (Render *render, const TplNode *node, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
static gboolean fail (Render *render, const TplNode *node, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    g_autofree char *text = g_strdup_vprintf (format, args);
    va_end (args);
    return error_fail (render->error, ERR_INTERNAL, "template %s:%u: {{%s}} %s",
                       render->template->name, node->line,
                       node->kind == NODE_PARTIAL ? node->path[0] : node->text, text);
}

/* {{-first}} and {{-last}}: whether the nearest list is at its first or last entry. */
static void find_turn (Render *render, const char *name, Found *ret_found)
{
    for (guint i = render->depth; i-- > 0;) {
        const Frame *frame = &render->stack[i];
        if (!frame->is_turn)
            continue;
        ret_found->made =
            (TplValue){.type = TPL_BOOL,
                       .number = strcmp (name, "-first") == 0 ? frame->is_first : frame->is_last};
        ret_found->values = &ret_found->made;
        ret_found->n = 1;
        return;
    }
}

/* One step of a dotted name: into a map, or a form of a time. */
static void find_inner (const char *name, Found *ret_found)
{
    const TplValue *value = ret_found->n == 1 ? ret_found->values : NULL;
    ret_found->n = 0;
    if (value == NULL)
        return;
    if (value->type == TPL_MAP) {
        ret_found->values = tpl_map_values (value->map, name, &ret_found->n);
    } else if (value->type == TPL_TIME &&
               (strcmp (name, "iso") == 0 || strcmp (name, "date") == 0)) {
        ret_found->form = *name == 'i' ? TPL_TIME_ISO : TPL_TIME_DATE;
        ret_found->values = value;
        ret_found->n = 1;
    }
}

/* The first part of a name is looked up outwards, the others only in what was found. */
static void find (Render *render, char **path, Found *ret_found)
{
    *ret_found = (Found){.form = TPL_TIME_LONG};
    if (path[0] == NULL) {
        ret_found->values = &render->stack[render->depth - 1].value;
        ret_found->n = 1;
        return;
    }
    if (strcmp (path[0], "-first") == 0 || strcmp (path[0], "-last") == 0) {
        find_turn (render, path[0], ret_found);
        return;
    }
    for (guint i = render->depth; i-- > 0 && ret_found->n == 0;)
        if (render->stack[i].value.type == TPL_MAP)
            ret_found->values = tpl_map_values (render->stack[i].value.map, path[0], &ret_found->n);
    for (guint i = 1; path[i] != NULL; i++)
        find_inner (path[i], ret_found);
}

static void append_escaped (GString *out, const char *text)
{
    const char *from = text;
    for (const char *p = text;; p++) {
        const char *entity = *p == '&'    ? "&amp;"
                             : *p == '<'  ? "&lt;"
                             : *p == '>'  ? "&gt;"
                             : *p == '"'  ? "&quot;"
                             : *p == '\'' ? "&#39;"
                                          : NULL;
        if (entity == NULL && *p != '\0')
            continue;
        g_string_append_len (out, from, p - from);
        if (*p == '\0')
            return;
        g_string_append (out, entity);
        from = p + 1;
    }
}

static GTimeZone *zone_of (Render *render)
{
    guint n = 0;
    if (render->zone != NULL)
        return render->zone;
    const TplValue *name = tpl_map_values (render->stack[0].value.map, "tpl_time_zone", &n);
    if (n > 0 && name->type == TPL_TEXT)
        render->zone = g_time_zone_new_identifier (name->text);
    if (render->zone == NULL)
        render->zone = g_time_zone_new_utc();
    return render->zone;
}

static gboolean fits (TplType type, TplPlace place)
{
    if (place == PLACE_URL)
        return type == TPL_URL;
    if (place == PLACE_URL_REST)
        return type == TPL_INT;
    return type == TPL_TEXT || type == TPL_URL || type == TPL_INT || type == TPL_TIME;
}

static gboolean render_value (Render *render, const TplNode *node)
{
    Found found;
    find (render, node->path, &found);
    if (found.n == 0)
        return TRUE;
    if (found.n > 1)
        return fail (render, node, "is a list, and one value belongs here");
    const TplValue *value = found.values;
    if (!fits (value->type, node->place))
        return fail (render, node, "is %s, and %s belongs here", tpl_type_text (value->type),
                     node->place == PLACE_URL        ? "a url"
                     : node->place == PLACE_URL_REST ? "a number"
                                                     : "a text, number, time or url");
    g_autofree char *made =
        value->type == TPL_INT ? g_strdup_printf ("%" G_GINT64_FORMAT, value->number)
        : value->type == TPL_TIME
            ? tpl_time_text (value->number, zone_of (render), render->language, found.form)
            : NULL;
    const char *text = made != NULL ? made : value->text;
    if (node->place == PLACE_PLAIN)
        g_string_append (render->out, text);
    else
        append_escaped (render->out, text);
    return TRUE;
}

static gboolean render_raw (Render *render, const TplNode *node)
{
    Found found;
    find (render, node->path, &found);
    if (found.n == 0)
        return TRUE;
    if (found.n > 1 || found.values->type != TPL_HTML)
        return fail (render, node, "is %s, and HTML belongs here",
                     found.n > 1 ? "a list" : tpl_type_text (found.values->type));
    g_string_append (render->out, safehtml_get (found.values->html));
    return TRUE;
}

/* Whether one value of this type is a list of one, rather than a condition. */
static gboolean is_entry (TplType type)
{
    return type == TPL_MAP || type == TPL_TEXT || type == TPL_URL;
}

static gboolean render_range (Render *render, guint from, guint to);

static gboolean render_section (Render *render, const TplNode *node, guint from)
{
    Found found;
    find (render, node->path, &found);
    gboolean shown = found.n > 1 || (found.n == 1 && tpl_value_is_true (found.values));
    if (node->kind == NODE_INVERTED)
        return shown || render_range (render, from, node->end);
    if (!shown)
        return TRUE;
    if (render->depth == STACK_MAX)
        return fail (render, node, "is more than %d sections deep", STACK_MAX);
    render->depth++;
    for (guint i = 0; i < found.n; i++) {
        render->stack[render->depth - 1] =
            (Frame){.value = found.values[i],
                    .is_turn = found.n > 1 || is_entry (found.values[i].type),
                    .is_first = i == 0,
                    .is_last = i + 1 == found.n};
        if (!render_range (render, from, node->end))
            return FALSE;
    }
    render->depth--;
    return TRUE;
}

static gboolean render_partial (Render *render, const TplNode *node)
{
    const Template *outer = render->template;
    const Template *partial =
        render->set != NULL ? tpl_set_find (render->set, render->language, node->path[0]) : NULL;
    if (partial == NULL || partial->is_html != outer->is_html)
        return fail (render, node, "is a partial that is not there");
    if (render->partial_depth == PARTIAL_DEPTH_MAX)
        return fail (render, node, "is more than %d partials deep", PARTIAL_DEPTH_MAX);
    gsize length = render->indent->len;
    g_string_append (render->indent, node->text);
    render->partial_depth++;
    render->template = partial;
    gboolean ok = render_range (render, 0, partial->nodes->len);
    render->template = outer;
    render->partial_depth--;
    g_string_truncate (render->indent, length);
    return ok;
}

static gboolean render_node (Render *render, const TplNode *node, guint index)
{
    switch (node->kind) {
    case NODE_LITERAL:
        g_string_append_len (render->out, node->text, (gssize)node->length);
        return TRUE;
    case NODE_LINE:
        g_string_append_len (render->out, render->indent->str, (gssize)render->indent->len);
        return TRUE;
    case NODE_VALUE:
        return render_value (render, node);
    case NODE_RAW:
        return render_raw (render, node);
    case NODE_PARTIAL:
        return render_partial (render, node);
    case NODE_SECTION:
    case NODE_INVERTED:
        return render_section (render, node, index + 1);
    default:
        return TRUE;
    }
}

static gboolean render_range (Render *render, guint from, guint to)
{
    const Template *template = render->template;
    for (guint i = from; i < to; i++) {
        const TplNode *node = &g_array_index (template->nodes, TplNode, i);
        if (!render_node (render, node, i))
            return FALSE;
        if (render->out->len > OUTPUT_BYTES_MAX)
            return fail (render, node, "makes more than %d MB", OUTPUT_BYTES_MAX / 1024 / 1024);
        if (node->kind == NODE_SECTION || node->kind == NODE_INVERTED)
            i = node->end;
    }
    return TRUE;
}

char *template_render (const Template *template, const TplSet *set, const char *language,
                       const TplMap *map, GError **error)
{
    g_autoptr (GString) indent = g_string_new ("");
    Render render = {.set = set,
                     .template = template,
                     .language = language,
                     .out = g_string_sized_new (4096),
                     .indent = indent,
                     .depth = 1,
                     .error = error};
    render.stack[0] = (Frame){.value = {.type = TPL_MAP, .map = (TplMap *)map}};
    gboolean ok = render_range (&render, 0, template->nodes->len);
    if (render.zone != NULL)
        g_time_zone_unref (render.zone);
    return g_string_free (render.out, !ok);
}

char *tpl_render (const TplSet *set, const char *language, const char *name, const TplMap *map,
                  GError **error)
{
    const Template *template = tpl_set_find (set, language, name);
    if (template == NULL) {
        error_set (error, ERR_INTERNAL, "there is no template %s", name);
        return NULL;
    }
    return template_render (template, set, language, map, error);
}
