/* quote_words.h - the words by which quotes, headers and footers are known, in all languages.
 * Private to the layer. */
#ifndef QUOTE_WORDS_H
#define QUOTE_WORDS_H

#include <glib.h>

/* What a word or phrase may mean. One spelling may mean several things in several languages. */
typedef enum {
    WORD_LEAD = 1 << 0,    /* begins an attribution: "On", "Am", "Le" */
    WORD_WROTE = 1 << 1,   /* the verb of an attribution: "wrote", "schrieb" */
    WORD_PRONOUN = 1 << 2, /* the writer tells a story: "On Monday I wrote:" */
    WORD_QUOTING = 1 << 3, /* begins an attribution without a verb: "Quoting", "Zitat von" */
    NAME_FROM = 1 << 4,    /* header names of an embedded message */
    NAME_DATE = 1 << 5,
    NAME_TO = 1 << 6,
    NAME_SUBJECT = 1 << 7,
    NAME_OTHER = 1 << 8,         /* Cc, Reply-To, Importance, ... */
    PHRASE_ORIGINAL = 1 << 9,    /* "Original Message" between dashes */
    PHRASE_FORWARD = 1 << 10,    /* "Begin forwarded message": content, not a quote */
    WORD_DEVICE = 1 << 11,       /* what mobile footers name: "iPhone", "Outlook" */
    PHRASE_POSTSCRIPT = 1 << 12, /* "PS": text of a person, wherever it stands */
    WORD_PASSED_ON = 1 << 13,    /* begins the subject of a forwarded message: "Fwd" */
} QuoteWord;

#define NAME_ANY (NAME_FROM | NAME_DATE | NAME_TO | NAME_SUBJECT | NAME_OTHER)

/* The tables of quote_languages.def, made ready for looking up. */
typedef struct QuoteWords QuoteWords;

/* Made once, at the first call, and never changed or freed. Thread: any. */
const QuoteWords *quote_words_get (void);

/* QuoteWord bits of a normalised word or phrase; 0 when it is in no table. */
guint quote_words_look (const QuoteWords *words, const char *phrase, gsize len);

/* Whether a subject says that the message passes another one on ("Fwd: Roof"). */
gboolean quote_words_is_passed_on (const QuoteWords *words, const char *subject);

/* QuoteWord bits of all words of scripts without blanks (Chinese, Japanese, Korean, Thai) that
 * occur anywhere in a normalised line. */
guint quote_words_look_inside (const QuoteWords *words, const char *line);

/* Whether a normalised line is, in whole, what a mail program or a mobile puts under a mail. What
 * it names is a device or program, or has at most max_words words. */
#define QUOTE_FOOTER_WORDS 3
gboolean quote_words_is_footer (const QuoteWords *words, const char *line, guint max_words);

/* Whether it asks to write above it ("Reply above this line"). */
gboolean quote_words_is_reply_above (const QuoteWords *words, const char *line);

/* Whether it contains words of legal disclaimers and list footers. */
gboolean quote_words_is_legal (const QuoteWords *words, const char *line);

#endif
