/* sanitize_tags.h - the list of elements that foreign HTML may keep, and what each may be inside
 * of. Private to the message layer; tables only. */
#ifndef SANITIZE_TAGS_H
#define SANITIZE_TAGS_H

#include <glib.h>
#include <gumbo.h>

/* What an element is to the nesting rules of sanitize.c. */
typedef enum {
    ROLE_UNWRAP, /* its tags go, its content stays: everything that is not on the list */
    ROLE_DROP,   /* goes with all that is in it */
    ROLE_INLINE,
    ROLE_LINK,
    ROLE_VOID,  /* inline, without end tag */
    ROLE_IMAGE, /* the same; shown only when the Content-ID is known */
    ROLE_RULE,  /* a block without end tag */
    ROLE_PARAGRAPH,
    ROLE_BLOCK,    /* ends an open paragraph when a browser reads it, as all that follow */
    ROLE_DIVISION, /* the block that list items look through */
    ROLE_HEADING,
    ROLE_PRE,
    ROLE_LIST,
    ROLE_ITEM,
    ROLE_TERMS,
    ROLE_TERM,
    ROLE_TABLE,
    ROLE_SECTION,
    ROLE_CAPTION,
    ROLE_ROW,
    ROLE_CELL,
} TagRole;

/* Attributes beside dir, lang and style, which every element may have. */
enum {
    TAKES_ALIGN = 1,
    TAKES_VALIGN = 2,
    TAKES_SPANS = 4,  /* colspan, rowspan */
    TAKES_EXTENT = 8, /* width, height */
    TAKES_LIST = 16,  /* start, type, reversed, value */
    TAKES_TITLE = 32,
    TAKES_FONT = 64,  /* color, face, size; mail only */
    TAKES_FRAME = 128 /* border, cellpadding, cellspacing, bgcolor; mail only but for border */
};

typedef struct {
    GumboTag tag;
    TagRole role;
    const char *name; /* as which it is written */
    guint takes;
} TagRule;

/* The rule for an element; never NULL (ROLE_UNWRAP for what is not known). */
const TagRule *sanitize_tag_rule (const GumboElement *element);

#endif
