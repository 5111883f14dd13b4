/* parts.c - see parts.h. */
#include "parts.h"

#include "body.h"
#include "tnef.h"
#include "words.h"

#include <string.h>

#define UU_FILES_MAX 200
#define WINMAILS_MAX 5

const char *parts_type_of_name (const char *name)
{
    static const struct {
        const char *suffix, *type;
    } types[] = {
        {".gif", "image/gif"},
        {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},
        {".png", "image/png"},
        {".bmp", "image/bmp"},
        {".tif", "image/tiff"},
        {".tiff", "image/tiff"},
        {".pdf", "application/pdf"},
        {".ps", "application/postscript"},
        {".doc", "application/msword"},
        {".xls", "application/vnd.ms-excel"},
        {".ppt", "application/vnd.ms-powerpoint"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
        {".rtf", "application/rtf"},
        {".zip", "application/zip"},
        {".gz", "application/gzip"},
        {".txt", "text/plain"},
        {".htm", "text/html"},
        {".html", "text/html"},
        {".csv", "text/csv"},
        {".xml", "text/xml"},
        {".eml", "message/rfc822"},
        {".ics", "text/calendar"},
        {".vcf", "text/vcard"},
        {".wav", "audio/x-wav"},
        {".mp3", "audio/mpeg"},
        {".mp4", "video/mp4"},
    };
    const char *dot = name != NULL ? strrchr (name, '.') : NULL;
    for (gsize i = 0; dot != NULL && i < G_N_ELEMENTS (types); i++)
        if (g_ascii_strcasecmp (dot, types[i].suffix) == 0)
            return types[i].type;
    return "application/octet-stream";
}

static const char *keep (Structure *structure, const char *text)
{
    return text != NULL && text[0] != '\0' ? g_string_chunk_insert (structure->strings, text)
                                           : NULL;
}

/* The line that begins at `at`: its length without line end, and where the next one begins. */
static gsize line_at (const char *text, gsize at, gsize len, gsize *ret_next)
{
    const char *end = memchr (text + at, '\n', len - at);
    gsize size = end != NULL ? (gsize)(end - (text + at)) : len - at;
    *ret_next = at + size + (end != NULL ? 1 : 0);
    while (size > 0 && text[at + size - 1] == '\r')
        size--;
    return size;
}

/* Whether a line ends uuencoded data, and whether it still belongs to it. */
static gboolean is_uu_tail (const char *line, gsize size)
{
    return size == 0 || (size == 1 && (line[0] == '`' || line[0] == ' ')) ||
           (size >= 3 && memcmp (line, "end", 3) == 0 && (size == 3 || g_ascii_isspace (line[3])));
}

/* Behind a "begin" line: how far the data and its "end" go; `at` itself when no data follows. */
static gsize uu_end (const char *text, gsize at, gsize len)
{
    gsize next, start = at;
    while (at < len) {
        gsize size = line_at (text, at, len, &next);
        if (!uuencode_is_data (text + at, size))
            break;
        at = next;
    }
    if (at == start)
        return start;
    while (at < len) {
        gsize size = line_at (text, at, len, &next);
        if (!is_uu_tail (text + at, size))
            break;
        at = next;
        if (size >= 3)
            break;
    }
    return at;
}

gboolean parts_find_uuencoded (const char *text, gsize at, gsize len, UuFile *ret_file)
{
    while (at < len) {
        const char *found = memmem (text + at, len - at, "begin ", 6);
        if (found == NULL)
            return FALSE;
        gsize start = (gsize)(found - text), next;
        at = start + 6;
        if (start > 0 && text[start - 1] != '\n')
            continue;
        gsize size = line_at (text, start, len, &next);
        if (!uuencode_begin (found, size, &ret_file->name, &ret_file->name_len))
            continue;
        gsize end = uu_end (text, next, len);
        if (end == next)
            continue;
        ret_file->start = start;
        ret_file->end = end;
        return TRUE;
    }
    return FALSE;
}

void parts_add_uuencoded (Structure *structure, guint outer, const char *text, const UuFile *file,
                          const char *fallback)
{
    const Part *around = structure->parts->pdata[outer];
    if (structure->parts->len >= structure->nodes->len + UU_FILES_MAX)
        return;
    g_autofree char *name = words_decode (file->name, file->name_len, fallback);
    Part *part = g_new0 (Part, 1);
    part->role = PART_ATTACHMENT;
    part->written_name = keep (structure, name);
    g_strdelimit (name, "/\\", '_');
    part->name = keep (structure, name);
    part->type = parts_type_of_name (name);
    part->encoding = "x-uuencode";
    part->is_attachment_declared = TRUE;
    part->depth = around->depth + 1;
    part->outer = (gint)outer;
    part->inner_offset = file->start;
    part->inner_size = file->end - file->start;
    part->size = transfer_size (TRANSFER_UUENCODE, text + file->start, part->inner_size);
    g_ptr_array_add (structure->parts, part);
}

static gboolean is_winmail (const Part *part)
{
    if (part->role != PART_ATTACHMENT)
        return FALSE;
    return strcmp (part->type, "application/ms-tnef") == 0 ||
           strcmp (part->type, "application/vnd.ms-tnef") == 0 ||
           (part->name != NULL && g_ascii_strcasecmp (part->name, "winmail.dat") == 0);
}

static void add_winmail_file (Structure *structure, guint outer, TnefFile *file)
{
    const Part *around = structure->parts->pdata[outer];
    Part *part = g_new0 (Part, 1);
    if (file->name != NULL) {
        part->written_name = keep (structure, words_tidy (file->name));
        g_strdelimit (file->name, "/\\", '_');
    }
    if (file->type != NULL)
        words_tidy (file->type);
    g_autofree char *type = file->type != NULL && strchr (file->type, '/') != NULL
                                ? g_ascii_strdown (file->type, -1)
                                : g_strdup (parts_type_of_name (file->name));
    part->name = keep (structure, file->name);
    part->type = keep (structure, type);
    part->content_id = keep (structure, file->content_id);
    part->role = part->content_id != NULL && g_str_has_prefix (part->type, "image/")
                     ? PART_INLINE_IMAGE
                     : PART_ATTACHMENT;
    part->encoding = "binary";
    part->is_attachment_declared = TRUE;
    part->depth = around->depth + 1;
    part->outer = (gint)outer;
    part->inner_offset = file->offset;
    part->inner_size = part->size = file->size;
    g_ptr_array_add (structure->parts, part);
}

void parts_open_winmail (Structure *structure, WinmailBody *body)
{
    guint opened = 0;
    for (guint i = 0; i < structure->nodes->len && opened < WINMAILS_MAX; i++) {
        Part *part = g_array_index (structure->nodes, Node, i).part;
        if (!is_winmail (part))
            continue;
        opened++;
        g_autoptr (GString) bytes = g_string_sized_new (part->raw_size + 1);
        body_decode_part (structure, part, bytes);
        g_autoptr (Tnef) tnef = tnef_parse (bytes->str, bytes->len);
        if (body->class == NULL)
            body->class =
                tnef != NULL ? g_string_chunk_insert (structure->strings, tnef->class) : "";
        if (tnef == NULL)
            continue;
        part->role = PART_MULTIPART;
        for (guint f = 0; f < tnef->files->len; f++)
            add_winmail_file (structure, i, tnef->files->pdata[f]);
        if (body->text == NULL)
            body->text = g_steal_pointer (&tnef->text);
        if (body->html == NULL)
            body->html = g_steal_pointer (&tnef->html);
    }
}

/* A file that is uuencoded as a whole tells its name in its "begin" line. */
static void set_uuencoded_name (Structure *structure, const Node *node)
{
    Part *part = node->part;
    if (node->transfer != TRANSFER_UUENCODE || part->name != NULL)
        return;
    g_autofree char *raw = uuencode_name (structure->data + part->raw_offset, part->raw_size);
    g_autofree char *name = raw != NULL ? words_decode (raw, strlen (raw), NULL) : NULL;
    part->written_name = keep (structure, name);
    if (name != NULL)
        g_strdelimit (name, "/\\", '_');
    part->name = keep (structure, name);
}

void parts_set_sizes (Structure *structure)
{
    for (guint i = 0; i < structure->nodes->len; i++) {
        const Node *node = &g_array_index (structure->nodes, Node, i);
        Part *part = node->part;
        set_uuencoded_name (structure, node);
        if (part->role == PART_MULTIPART)
            part->size = part->raw_size;
        else if (part->role == PART_ATTACHMENT || part->role == PART_INLINE_IMAGE)
            part->size =
                transfer_size (node->transfer, structure->data + part->raw_offset, part->raw_size);
    }
}
