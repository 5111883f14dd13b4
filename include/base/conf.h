/* conf.h - the configuration: every option once in conf.def, read by libconfuse. */
#ifndef CONF_H
#define CONF_H

#include <glib.h>

typedef enum { MODE_OBSERVE, MODE_ENFORCE } ConfMode;
typedef enum { MUST_READ_RANKED, MUST_READ_TO, MUST_READ_FIRST } ConfMustRead;
typedef enum { FAILURE_PASS, FAILURE_DEFER } ConfFailure;
typedef enum { RECEIPT_FIRST, RECEIPT_ALWAYS, RECEIPT_NEVER } ConfReceipt;
typedef enum { VISIBLE_EVERYONE, VISIBLE_RECIPIENTS } Visibility;

/* One `rule "NAME" { ... }` section, in the order of conf.def. Patterns are PCRE2 text, compiled by
 * policy; NULL = any. verdict and visibility are words of conf.def, or NULL: not set by this rule.
 */
typedef struct {
    char *name;
#define CONF_RULE(name, words, text) char *name;
#include "conf.def"
    int line; /* where it stands, for errors */
} ConfRule;

typedef struct Config Config;
struct Config {
    gint ref_count;    /* private */
    char *path;        /* the file it came from, or NULL */
    GPtrArray *rules;  /* of ConfRule, in order */
    GHashTable *lines; /* name of an option that is set -> its line; see conf_where */
#define CONF_TEXT(name, fallback, text) char *name;
#define CONF_LIST(name, text) char **name; /* never NULL; NULL-terminated */
#define CONF_UINT(name, fallback, least, most, text) guint name;
#define CONF_BOOL(name, fallback, text) gboolean name;
#define CONF_WORD(name, type, fallback, words, text) type name;
#include "conf.def"
};

/* Reads and checks a file. path NULL: all defaults. Errors: REFUSED with "file:line: what is wrong
 * and what is allowed", a line for each mistake that can be told apart;
 * NOT_FOUND no such file; INTERNAL it cannot be read. The result is immutable. Thread: any (one at
 * a time goes through libconfuse, whose scanner is the process's). */
Config *conf_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from text, named `path` in errors. For tests and the fuzzer. */
Config *conf_parse (const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where an option is set, for errors about what it names: "FILE:LINE: NAME", or NAME alone when it
 * is not. Owned by the caller. */
char *conf_where (const Config *conf, const char *name);
/* What is allowed in this option of conf.def, when the value may not stand there; NULL when it may.
 * For the same settings of one person. Owned by the caller. */
char *conf_allowed (const char *name, const char *value);
Config *conf_ref (Config *conf);
void conf_unref (Config *conf);

/* The commented sample configuration, made of conf.def. Owned by the caller. */
char *conf_sample (void);
/* The OPTIONS part of carbonless.conf(5), in man format. Owned by the caller. */
char *conf_manual (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Config, conf_unref)

#endif
