/* test_address.c - address lists as real mail writes them, and questions about one address. */
#include "address.h"
#include "time_limit.h"

#include <string.h>

/* Each address as "name|addr", joined by newlines. */
static char *list_text (const char *value)
{
    g_autoptr (GPtrArray) list = address_parse_list (value, 100);
    GString *out = g_string_new (NULL);
    for (guint i = 0; i < list->len; i++) {
        const Address *address = list->pdata[i];
        g_string_append_printf (out, "%s%s|%s", i > 0 ? "\n" : "", address->name, address->addr);
    }
    return g_string_free (out, FALSE);
}

static void test_list (void)
{
    static const struct {
        const char *value, *expected;
    } cases[] = {
        {"", ""},
        {"anna@example.org", "|anna@example.org"},
        {"<anna@example.org>", "|anna@example.org"},
        {"Anna de Vries <anna@example.org>", "Anna de Vries|anna@example.org"},
        {"\"de Vries, Anna\" <anna@example.org>", "de Vries, Anna|anna@example.org"},
        {"a@example.org, b@example.org", "|a@example.org\n|b@example.org"},
        {"a@example.org; B <b@example.org>;", "|a@example.org\nB|b@example.org"},
        {"a@example.org,,  ,b@example.org,", "|a@example.org\n|b@example.org"},
        {"anna@example.org (Anna de Vries)", "Anna de Vries|anna@example.org"},
        {"anna@example.org (Anna (the first) de \\) Vries)",
         "Anna (the first) de ) Vries|anna@example.org"},
        {"<anna@example.org> (Anna)", "Anna|anna@example.org"},
        {"Anna <anna@example.org> (at work)", "Anna|anna@example.org"},
        {"anna(work)@example.org", "work|anna@example.org"},
        /* Unquoted commas in names. */
        {"de Vries, Anna <anna@example.org>", "de Vries, Anna|anna@example.org"},
        {"b@example.org, de Vries, Anna <anna@example.org>",
         "|b@example.org\nde Vries, Anna|anna@example.org"},
        {"root, \"Anna\" <anna@example.org>", "|root\nAnna|anna@example.org"},
        /* Groups. */
        {"undisclosed-recipients:;", ""},
        {"Undisclosed recipients: ;", ""},
        {"undisclosed-recipients", ""},
        {"<Undisclosed-Recipient:;>", ""},
        {"Team: a@example.org, B <b@example.org>;, c@example.org",
         "|a@example.org\nB|b@example.org\n|c@example.org"},
        {"\"A: team\": a@example.org;", "|a@example.org"},
        /* Obsolete and broken forms. */
        {"<@relay.example,@other.example:anna@example.org>", "|anna@example.org"},
        {"Anna <anna@example.org", "Anna|anna@example.org"},
        {"Anna <anna@example.org, Ben <ben@example.org>",
         "Anna|anna@example.org\nBen|ben@example.org"},
        {"Anna <<anna@example.org>>", "Anna|anna@example.org"},
        {"Anna anna@example.org", "Anna|anna@example.org"},
        {"\"Anna\" anna@example.org", "Anna|anna@example.org"},
        {"\"anna@example.org\"", "|anna@example.org"},
        {"\"anna@example.org\" <anna@example.org>", "anna@example.org|anna@example.org"},
        {"a@example.org <a@example.org>", "a@example.org|a@example.org"},
        {"A <a@example.org> B <b@example.org>", "A|a@example.org\nB|b@example.org"},
        {"anna @ example.org", "|anna@example.org"},
        {"anna @example.org", "|anna@example.org"},
        {"\"Anna <anna@example.org>", "Anna|anna@example.org"},
        {"Anna (at work <anna@example.org>", "Anna (at work|anna@example.org"},
        {"\"Anna \"Annie\" Vries\" <anna@example.org>", "Anna  Annie  Vries|anna@example.org"},
        {"Anna D. Vries <anna@example.org>", "Anna D. Vries|anna@example.org"},
        {"<anna @example.org>", "|anna@example.org"},
        {"mailto:anna@example.org", "|anna@example.org"},
        {"<mailto:anna@example.org>", "|anna@example.org"},
        {"'anna@example.org' <'anna@example.org'>", "'anna@example.org'|anna@example.org"},
        {"\"anna vries\"@example.org", "|\"anna vries\"@example.org"},
        {"Anna <\"anna vries\"@example.org>", "Anna|\"anna vries\"@example.org"},
        {"anna@[192.0.2.1]", "|anna@[192.0.2.1]"},
        {"anna@[IPv6:2001:db8::1], b@example.org", "|anna@[IPv6:2001:db8::1]\n|b@example.org"},
        {"root (Cron Daemon)", "Cron Daemon|root"},
        {"root", "|root"},
        {"Anna de Vries", "Anna de Vries|"},
        {"<>", ""},
        {"MAILER-DAEMON <>", "MAILER-DAEMON|"},
        /* Encoded and 8-bit names. */
        {"=?utf-8?Q?J=C3=B6rg?= <j@example.org>", "J\xc3\xb6rg|j@example.org"},
        {"\"=?utf-8?Q?J=C3=B6rg?=\" <j@example.org>", "J\xc3\xb6rg|j@example.org"},
        {"=?utf-8?Q?Meier,_J=C3=B6rg?= <j@example.org>", "Meier, J\xc3\xb6rg|j@example.org"},
        {"=?utf-8?Q?Meier,=20J=C3=B6rg?= <j@example.org>", "Meier, J\xc3\xb6rg|j@example.org"},
        {"=?utf-8?Q?=22Meier=2C_J=C3=B6rg=22?= <j@example.org>",
         "Meier, J\xc3\xb6rg|j@example.org"},
        {"j@example.org (=?utf-8?Q?J=C3=B6rg?=)", "J\xc3\xb6rg|j@example.org"},
        {"=?utf-8?Q?J=C3=B6rg_<j@example.org>?=", "J\xc3\xb6rg|j@example.org"},
        {"=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_Meier?= <j@example.org>",
         "J\xc3\xb6rg Meier|j@example.org"},
        {"J\xc3\xb6rg <j@example.org>", "J\xc3\xb6rg|j@example.org"},
        {"J\xf6rg <j@example.org>", "J\xc3\xb6rg|j@example.org"},
        {"j\xc3\xb6rg@b\xc3\xbc"
         "cher.example",
         "|j\xc3\xb6rg@b\xc3\xbc"
         "cher.example"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = list_text (cases[i].value);
        if (strcmp (text, cases[i].expected) != 0)
            g_test_message ("case: %s", cases[i].value);
        g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void test_list_is_bounded (void)
{
    g_autoptr (GString) many = g_string_new (NULL);
    for (guint i = 0; i < 1000; i++)
        g_string_append (many, "a@example.org,");
    g_autoptr (GPtrArray) list = address_parse_list (many->str, 10);
    g_assert_cmpuint (list->len, ==, 10);
}

/* A megabyte of one mark, or of a pair of them, in well under a second. */
static void test_hostile (void)
{
    static const char *const units[] = {
        "(",  ")",  "\"",   "<",        ">",     ",",          ":",    "@",      "=?",
        "()", "\\", "[",    "\"(",      "a@b",   "(\\",        "<\"",  "=?a?q?", "=?a?q?b?=",
        "a,", "a:", "@[",   "\"a\"@",   "<a@b,", "=?a?q?@?= ", " a",   ". @",    ". ",
        "<(", "(a", "a @ ", "\"a\" @ ", "<(a)",  "a@b<",       "\xe9", "\xe9,"};
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        g_autoptr (GString) value = g_string_new (NULL);
        while (value->len < 1000000)
            g_string_append (value, units[i]);
        gint64 start = cpu_us();
        g_autoptr (GPtrArray) list = address_parse_list (value->str, 10000);
        gint64 spent_ms = (cpu_us() - start) / 1000;
        if (spent_ms > 300)
            g_test_message ("%s: %" G_GINT64_FORMAT " ms", units[i], spent_ms);
        g_assert_cmpint (spent_ms, <, TIME_LIMIT (2000));
    }
}

static void test_envelope (void)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"<anna@example.org>", "anna@example.org"},
        {"anna@example.org", "anna@example.org"},
        {"<anna@example.org> SIZE=100 BODY=8BITMIME", "anna@example.org"},
        {"anna@example.org SIZE=100", "anna@example.org"},
        {"<@a.example,@b.example:anna@example.org>", "anna@example.org"},
        {"<\"a > b\"@example.org>", "\"a > b\"@example.org"},
        {"<>", NULL},
        {"", NULL},
        {"  ", NULL},
        {"<anna\r\n@example.org>", NULL},
        {"<root>", "root"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *addr = address_from_envelope (cases[i].text);
        g_assert_cmpstr (addr, ==, cases[i].expected);
    }
}

static void test_normalise (void)
{
    static const struct {
        const char *addr, *folded, *kept;
    } cases[] = {
        {"Anna@Example.ORG", "anna@example.org", "Anna@example.org"},
        {"\"Anna\"@Example.ORG", "anna@example.org", "Anna@example.org"},
        {"\"An na\"@Example.ORG", "\"an na\"@example.org", "\"An na\"@example.org"},
        {"\"a..b\"@example.org", "\"a..b\"@example.org", "\"a..b\"@example.org"},
        {"anna@example.org.", "anna@example.org", "anna@example.org"},
        {"Root", "root", "Root"},
        {"J\xc3\x96RG@example.org", "j\xc3\xb6rg@example.org", "J\xc3\x96RG@example.org"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *folded = address_normalise (cases[i].addr, FALSE);
        g_autofree char *kept = address_normalise (cases[i].addr, TRUE);
        g_assert_cmpstr (folded, ==, cases[i].folded);
        g_assert_cmpstr (kept, ==, cases[i].kept);
    }
}

static void test_extension (void)
{
    static const struct {
        const char *addr, *delimiters, *expected;
    } cases[] = {
        {"anna+x@example.org", "+", "anna@example.org"},
        {"anna+x+y@example.org", "+", "anna@example.org"},
        {"anna@example.org", "+", "anna@example.org"},
        {"+x@example.org", "+", "+x@example.org"},
        {"anna-x@example.org", "+", "anna-x@example.org"},
        {"anna-x@example.org", "+-", "anna@example.org"},
        {"owner-list@example.org", "-", "owner-list@example.org"},
        {"list-request@example.org", "-", "list-request@example.org"},
        {"mailer-daemon@example.org", "-", "mailer-daemon@example.org"},
        {"anna+x", "+", "anna"},
        {"\"a+b\"@example.org", "+", "\"a+b\"@example.org"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *addr = address_strip_extension (cases[i].addr, cases[i].delimiters);
        g_assert_cmpstr (addr, ==, cases[i].expected);
    }
}

static void test_valid (void)
{
    static const struct {
        const char *addr;
        gboolean is_valid;
    } cases[] = {
        {"anna@example.org", TRUE},
        {"anna", FALSE},
        {"@example.org", FALSE},
        {"anna@", FALSE},
        {"an na@example.org", FALSE},
        {"\"an na\"@example.org", TRUE},
        {"a@b@example.org", FALSE},
        {"\"a@b\"@example.org", TRUE},
        {"anna@exam ple.org", FALSE},
        {"anna@example..org", FALSE},
        {"anna@.example.org", FALSE},
        {"anna@[192.0.2.1]", TRUE},
        {"anna@[]", FALSE},
        {"anna\n@example.org", FALSE},
        {"<anna@example.org>", FALSE},
        {"j\xc3\xb6rg@example.org", TRUE},
        {"j\xf6rg@example.org", FALSE},
        {"\"a\"b\"@example.org", FALSE},
        {"anna@example.org,b@example.org", FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        if (address_is_valid (cases[i].addr) != cases[i].is_valid)
            g_test_message ("case: %s", cases[i].addr);
        g_assert_cmpint (address_is_valid (cases[i].addr), ==, cases[i].is_valid);
    }
    g_autofree char *long_local = g_strnfill (65, 'a');
    g_autofree char *addr = g_strconcat (long_local, "@example.org", NULL);
    g_assert_false (address_is_valid (addr));
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address/list/forms-of-real-mail", test_list);
    g_test_add_func ("/address/list/is-bounded", test_list_is_bounded);
    g_test_add_func ("/address/list/hostile-values-take-no-time", test_hostile);
    g_test_add_func ("/address/envelope", test_envelope);
    g_test_add_func ("/address/normalise", test_normalise);
    g_test_add_func ("/address/extension", test_extension);
    g_test_add_func ("/address/valid", test_valid);
    return g_test_run();
}
