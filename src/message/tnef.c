/* tnef.c - see tnef.h.
 *
 *   signature (4) key (2) { level (1) id (2) type (2) length (4) bytes checksum (2) }*
 *
 * Two attributes hold MAPI properties, for the message and for the file at hand:
 *
 *   count (4) { type (2) id (2) [name] value }*
 *
 * All numbers are little-endian. (I1) Nothing is read outside of the data; a length that leads
 * there ends the reading. (I2) Nothing recurses: messages within are files like others. */
#include "tnef.h"

#include "charset.h"
#include "rtf.h"

#include <string.h>

#define SIGNATURE 0x223e9f78U
#define FILES_MAX 500
#define VALUES_MAX 100000
#define TEXT_MAX (4 * 1024 * 1024)
#define GUID_SIZE 16

enum {
    ATTR_MESSAGE_CLASS = 0x8008,
    ATTR_BODY = 0x800c,
    ATTR_FILE_DATA = 0x800f,
    ATTR_FILE_TITLE = 0x8010,
    ATTR_FILE_START = 0x9002,
    ATTR_MESSAGE_PROPERTIES = 0x9003,
    ATTR_FILE_PROPERTIES = 0x9005,
    ATTR_CODE_PAGE = 0x9007,
};

enum {
    PROPERTY_MESSAGE_CLASS = 0x001a,
    PROPERTY_BODY = 0x1000,
    PROPERTY_RTF = 0x1009,
    PROPERTY_HTML = 0x1013,
    PROPERTY_DISPLAY_NAME = 0x3001,
    PROPERTY_FILE_DATA = 0x3701,
    PROPERTY_FILE_NAME = 0x3704,
    PROPERTY_FILE_LONG_NAME = 0x3707,
    PROPERTY_FILE_TYPE = 0x370e,
    PROPERTY_CONTENT_ID = 0x3712,
    PROPERTY_INTERNET_CODE_PAGE = 0x3fde,
};

enum {
    TYPE_OBJECT = 0x000d,
    TYPE_STRING8 = 0x001e,
    TYPE_UNICODE = 0x001f,
    TYPE_BINARY = 0x0102,
    TYPE_MULTIPLE = 0x1000,
};

/* A stretch of the data; reading takes from its front. */
typedef struct {
    const char *data; /* of the whole file */
    gsize at, end;
    gboolean is_broken; /* something led outside */
} Cursor;

/* One property value; offset and size within the whole file. */
typedef struct {
    guint type, id;
    guint32 number; /* of the fixed types */
    gsize offset, size;
} Property;

typedef struct {
    Tnef *tnef;
    const char *data;
    char *code_page; /* of 8-bit strings */
    char *html_code_page;
    Property rtf; /* size 0: none */
    gboolean has_long_name;
} Reader;

static guint32 take_number (Cursor *cursor, gsize bytes)
{
    guint32 number = 0;
    if (cursor->end - cursor->at < bytes) {
        cursor->is_broken = TRUE;
        cursor->at = cursor->end;
        return 0;
    }
    for (gsize i = 0; i < bytes; i++)
        number |= (guint32)(guchar)cursor->data[cursor->at + i] << (8 * i);
    cursor->at += bytes;
    return number;
}

/* Passes over `size` bytes and returns where they began; the cursor breaks when they are not there.
 */
static gsize take_bytes (Cursor *cursor, gsize size)
{
    gsize at = cursor->at;
    if (cursor->end - at < size) {
        cursor->is_broken = TRUE;
        cursor->at = cursor->end;
    } else {
        cursor->at += size;
    }
    return at;
}

static void take_padding (Cursor *cursor, gsize size)
{
    if (size % 4 != 0)
        cursor->at = MIN (cursor->end, cursor->at + 4 - size % 4);
}

/* 8-bit text of a stretch up to its NUL, as UTF-8. Owned. */
static char *text_of_bytes (const Reader *reader, gsize offset, gsize size, const char *code_page)
{
    const char *bytes = reader->data + offset;
    const char *end = memchr (bytes, '\0', size);
    gsize len = end != NULL ? (gsize)(end - bytes) : size;
    return charset_to_utf8 (bytes, MIN (len, TEXT_MAX), code_page, NULL, NULL);
}

static char *text_of_property (const Reader *reader, const Property *property)
{
    const char *bytes = reader->data + property->offset;
    gsize size = MIN (property->size, TEXT_MAX);
    if (property->type != TYPE_UNICODE)
        return text_of_bytes (reader, property->offset, property->size, reader->code_page);
    gsize len = 0;
    while (len + 1 < size && (bytes[len] != '\0' || bytes[len + 1] != '\0'))
        len += 2;
    return charset_to_utf8 (bytes, len, "UTF-16LE", NULL, NULL);
}

static void replace (char **member, char *take_text)
{
    g_free (*member);
    *member = take_text;
}

static void tnef_file_free (gpointer data)
{
    TnefFile *file = data;
    g_free (file->name);
    g_free (file->type);
    g_free (file->content_id);
    g_free (file);
}

/* The file that attributes of files belong to. NULL when there are too many. */
static TnefFile *current_file (Reader *reader, gboolean is_start)
{
    GPtrArray *files = reader->tnef->files;
    if (is_start || files->len == 0) {
        if (files->len >= FILES_MAX)
            return NULL;
        reader->has_long_name = FALSE;
        g_ptr_array_add (files, g_new0 (TnefFile, 1));
    }
    return files->pdata[files->len - 1];
}

static void on_message_property (Reader *reader, const Property *property)
{
    Tnef *tnef = reader->tnef;
    switch (property->id) {
    case PROPERTY_MESSAGE_CLASS:
        replace (&tnef->class, text_of_property (reader, property));
        break;
    case PROPERTY_BODY:
        replace (&tnef->text, text_of_property (reader, property));
        break;
    case PROPERTY_HTML:
        replace (&tnef->html, property->type == TYPE_BINARY
                                  ? text_of_bytes (reader, property->offset, property->size,
                                                   reader->html_code_page)
                                  : text_of_property (reader, property));
        break;
    case PROPERTY_RTF:
        reader->rtf = *property;
        break;
    case PROPERTY_INTERNET_CODE_PAGE:
        replace (&reader->html_code_page, g_strdup_printf ("cp%u", property->number));
        break;
    default:
        break;
    }
}

static void on_file_property (Reader *reader, const Property *property)
{
    TnefFile *file = current_file (reader, FALSE);
    if (file == NULL)
        return;
    switch (property->id) {
    case PROPERTY_FILE_LONG_NAME:
        reader->has_long_name = TRUE;
        replace (&file->name, text_of_property (reader, property));
        break;
    case PROPERTY_FILE_NAME:
    case PROPERTY_DISPLAY_NAME:
        if (!reader->has_long_name && (file->name == NULL || property->id == PROPERTY_FILE_NAME))
            replace (&file->name, text_of_property (reader, property));
        break;
    case PROPERTY_FILE_TYPE:
        replace (&file->type, text_of_property (reader, property));
        break;
    case PROPERTY_CONTENT_ID:
        replace (&file->content_id, text_of_property (reader, property));
        break;
    case PROPERTY_FILE_DATA:
        /* An object begins with the id of its kind. */
        if (file->size == 0 && property->size >= GUID_SIZE) {
            gsize skip = property->type == TYPE_OBJECT ? GUID_SIZE : 0;
            file->offset = property->offset + skip;
            file->size = property->size - skip;
        }
        break;
    default:
        break;
    }
}

/* A property above 0x8000 carries its name. */
static void skip_property_name (Cursor *cursor)
{
    take_bytes (cursor, GUID_SIZE);
    if (take_number (cursor, 4) == 0) {
        take_number (cursor, 4);
        return;
    }
    guint32 size = take_number (cursor, 4);
    take_bytes (cursor, size);
    take_padding (cursor, size);
}

/* The bytes of one value of a fixed type, 0 for the types that tell their length. */
static gsize fixed_size (guint type)
{
    static const struct {
        guint type;
        gsize size;
    } sizes[] = {{0x0002, 4}, {0x0003, 4}, {0x0004, 4}, {0x000a, 4}, {0x000b, 4}, {0x0005, 8},
                 {0x0006, 8}, {0x0007, 8}, {0x0014, 8}, {0x0040, 8}, {0x0048, 16}};
    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        if (sizes[i].type == type)
            return sizes[i].size;
    return 0;
}

/* Reads one property; of several values the last is kept. */
static void take_property (Cursor *cursor, Property *ret_property)
{
    guint type = take_number (cursor, 2);
    guint id = take_number (cursor, 2);
    guint base = type & ~(guint)TYPE_MULTIPLE;
    gsize fixed = fixed_size (base);
    *ret_property = (Property){.type = base, .id = id};
    if (id >= 0x8000)
        skip_property_name (cursor);
    gboolean is_counted = (type & TYPE_MULTIPLE) != 0 || fixed == 0;
    guint32 count = is_counted ? take_number (cursor, 4) : 1;
    if (count > VALUES_MAX)
        cursor->is_broken = TRUE;
    for (guint32 i = 0; i < count && !cursor->is_broken; i++) {
        gsize size = fixed != 0 ? fixed : take_number (cursor, 4);
        gsize at = take_bytes (cursor, size);
        take_padding (cursor, size);
        ret_property->offset = at;
        ret_property->size = cursor->is_broken ? 0 : size;
        Cursor value = {.data = cursor->data, .at = at, .end = at + (cursor->is_broken ? 0 : 4)};
        if (fixed >= 4)
            ret_property->number = take_number (&value, 4);
    }
}

static void read_properties (Reader *reader, gsize at, gsize size, gboolean of_file)
{
    Cursor cursor = {.data = reader->data, .at = at, .end = at + size};
    guint32 count = take_number (&cursor, 4);
    for (guint32 i = 0; i < count && !cursor.is_broken && cursor.at < cursor.end; i++) {
        Property property;
        take_property (&cursor, &property);
        if (cursor.is_broken)
            return;
        if (of_file)
            on_file_property (reader, &property);
        else
            on_message_property (reader, &property);
    }
}

static void on_file_attribute (Reader *reader, guint id, gsize at, gsize size)
{
    TnefFile *file = current_file (reader, id == ATTR_FILE_START);
    if (file == NULL)
        return;
    if (id == ATTR_FILE_DATA) {
        file->offset = at;
        file->size = size;
    } else if (id == ATTR_FILE_TITLE && file->name == NULL) {
        file->name = text_of_bytes (reader, at, size, reader->code_page);
    } else if (id == ATTR_FILE_PROPERTIES) {
        read_properties (reader, at, size, TRUE);
    }
}

static void on_message_attribute (Reader *reader, guint id, gsize at, gsize size)
{
    Tnef *tnef = reader->tnef;
    Cursor cursor = {.data = reader->data, .at = at, .end = at + size};
    switch (id) {
    case ATTR_CODE_PAGE:
        replace (&reader->code_page, g_strdup_printf ("cp%u", take_number (&cursor, 4)));
        break;
    case ATTR_MESSAGE_CLASS:
        if (tnef->class == NULL)
            tnef->class = text_of_bytes (reader, at, size, reader->code_page);
        break;
    case ATTR_BODY:
        replace (&tnef->text, text_of_bytes (reader, at, size, reader->code_page));
        break;
    case ATTR_MESSAGE_PROPERTIES:
        read_properties (reader, at, size, FALSE);
        break;
    default:
        break;
    }
}

/* Reads all attributes. Returns how many. */
static guint read_attributes (Reader *reader, Cursor *cursor)
{
    guint count = 0;
    while (cursor->at < cursor->end) {
        guint level = take_number (cursor, 1);
        guint id = take_number (cursor, 2);
        take_number (cursor, 2);
        gsize size = take_number (cursor, 4);
        gsize at = take_bytes (cursor, size);
        if (cursor->is_broken)
            break;
        take_number (cursor, 2);
        if (level == 1)
            on_message_attribute (reader, id, at, size);
        else if (level == 2)
            on_file_attribute (reader, id, at, size);
        else
            break;
        count++;
    }
    return count;
}

/* Files without data are notes about something else; RTF is the text when there is no better. */
static void complete (Reader *reader)
{
    Tnef *tnef = reader->tnef;
    for (guint i = tnef->files->len; i > 0; i--) {
        const TnefFile *file = tnef->files->pdata[i - 1];
        if (file->size == 0 && file->name == NULL)
            g_ptr_array_remove_index (tnef->files, i - 1);
    }
    if (tnef->class == NULL)
        tnef->class = g_strdup ("");
    gboolean has_text = tnef->text != NULL && tnef->text[0] != '\0';
    if (!has_text && tnef->html == NULL && reader->rtf.size > 0)
        replace (&tnef->text,
                 rtf_compressed_to_text (reader->data + reader->rtf.offset, reader->rtf.size,
                                         reader->code_page, TEXT_MAX));
}

Tnef *tnef_parse (const char *data, gsize len)
{
    Cursor cursor = {.data = data, .end = len};
    if (take_number (&cursor, 4) != SIGNATURE)
        return NULL;
    take_number (&cursor, 2);
    g_autoptr (Tnef) tnef = g_new0 (Tnef, 1);
    tnef->files = g_ptr_array_new_with_free_func (tnef_file_free);
    Reader reader = {.tnef = tnef, .data = data};
    guint count = read_attributes (&reader, &cursor);
    complete (&reader);
    g_free (reader.code_page);
    g_free (reader.html_code_page);
    return count > 0 ? g_steal_pointer (&tnef) : NULL;
}

void tnef_free (Tnef *tnef)
{
    if (tnef == NULL)
        return;
    g_ptr_array_unref (tnef->files);
    g_free (tnef->class);
    g_free (tnef->text);
    g_free (tnef->html);
    g_free (tnef);
}
