/* test_words.c - encoded words, parameters, dates: the small readers of header values. */
#include "dates.h"
#include "params.h"
#include "words.h"
#include "time_limit.h"

#include <string.h>

#define E_ACUTE "\xc3\xa9"
#define BAD "\xef\xbf\xbd"

static void test_words (void)
{
    static const struct {
        const char *value, *expected;
    } cases[] = {
        {"", ""},
        {"plain text", "plain text"},
        {"two  blanks", "two  blanks"},
        {"=?utf-8?Q?caf=C3=A9?=", "caf" E_ACUTE},
        {"=?UTF-8?q?caf=c3=a9_noir?=", "caf" E_ACUTE " noir"},
        {"=?utf-8?B?Y2Fmw6k=?=", "caf" E_ACUTE},
        {"=?iso-8859-1?Q?caf=E9?= noir", "caf" E_ACUTE " noir"},
        {"un =?iso-8859-1?Q?caf=E9?=", "un caf" E_ACUTE},
        /* Neighbours: the blank between them is none of the text. */
        {"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
        {"=?utf-8?Q?a?=  \t =?iso-8859-1?Q?=E9?=", "a" E_ACUTE},
        {"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
        {"=?utf-8?Q?a_?= =?utf-8?Q?b?=", "a b"},
        {"=?utf-8?Q?a?= x =?utf-8?Q?b?=", "a x b"},
        /* A character over two words. */
        {"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "caf" E_ACUTE},
        {"=?utf-8?B?Y2Fmww==?= =?utf-8?B?qQ==?=", "caf" E_ACUTE},
        {"=?utf-8?B?Y2Fmw?= =?utf-8?B?6k=?=", "caf" E_ACUTE},
        {"=?utf-8?Q?caf=C3?= =?utf-8?B?qQ==?=", "caf" E_ACUTE},
        /* A 32-bit charset can say more than Unicode has. */
        {"=?ucs-4?Q?=7F=FF=FF=FFx?=", BAD BAD BAD BAD BAD BAD BAD},
        /* Glued to text. */
        {"Re:=?utf-8?Q?caf=C3=A9?=noir", "Re:caf" E_ACUTE "noir"},
        {"\"=?utf-8?Q?caf=C3=A9?=\"", "\"caf" E_ACUTE "\""},
        {"(=?utf-8?Q?caf=C3=A9?=)", "(caf" E_ACUTE ")"},
        /* Broken inside. */
        {"=?utf-8?Q?un caf=C3=A9 noir?=", "un caf" E_ACUTE " noir"},
        {"=?utf-8?Q?caf\xc3\xa9?=", "caf" E_ACUTE},
        {"=?iso-8859-1?Q?caf\xe9?=", "caf" E_ACUTE},
        {"=?utf-8?B?Y2Fmw6k?=", "caf" E_ACUTE},
        {"=?utf-8?B?Y2Fm w6k=?=", "caf" E_ACUTE},
        {"=?utf-8?Q?100=_=C3=A9=?=", "100= " E_ACUTE "="},
        {"=?utf-8?Q?What?=3F?=", "What??"},
        {"=?utf-8?Q?What?" "?=", "What?"},
        {"=?utf-8*en?Q?caf=C3=A9?=", "caf" E_ACUTE},
        {"=?utf-8?Q?" "?=", ""},
        {"=?utf-8?Q?caf=E9?=", "caf" E_ACUTE},
        {"=?unknown?Q?caf=E9?=", "caf" E_ACUTE},
        {"=?unknown-8bit?B?Y2Fmw6k=?=", "caf" E_ACUTE},
        {"=?us-ascii?Q?caf=C3=A9?=", "caf" E_ACUTE},
        /* Charsets with states. */
        {"=?iso-2022-jp?B?GyRCOCswRhsoQg==?=", "\xe8\xa6\x8b\xe6\xa1\x88"},
        {"=?iso-2022-jp?B?GyRCOCsbKEI=?= =?iso-2022-jp?B?GyRCMEYbKEI=?=",
         "\xe8\xa6\x8b\xe6\xa1\x88"},
        {"\x1b$B8+0F\x1b(B", "\xe8\xa6\x8b\xe6\xa1\x88"},
        /* No words. */
        {"=?utf-8?Q?never ends", "=?utf-8?Q?never ends"},
        {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
        {"=?utf-8?Q", "=?utf-8?Q"},
        {"a =? b ?= c", "a =? b ?= c"},
        {"=?utf-8?Q?first =?utf-8?Q?second?=", "=?utf-8?Q?first second"},
        /* 8-bit text as it comes. */
        {"caf\xc3\xa9", "caf" E_ACUTE},
        {"caf\xe9", "caf" E_ACUTE},
        {"caf\xe9 =?utf-8?Q?=C3=A9?=", "caf" E_ACUTE " " E_ACUTE},
        /* One line. */
        {"=?utf-8?Q?a=0D=0ABcc:_b?=", "a  Bcc: b"},
        {"=?utf-8?Q?a=00b?=", "a b"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *text = words_decode (cases[i].value, strlen (cases[i].value), NULL);
        if (strcmp (text, cases[i].expected) != 0)
            g_test_message ("case: %s", cases[i].value);
        g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void test_params (void)
{
    static const struct {
        const char *text, *value, *name, *expected;
    } cases[] = {
        {"text/plain", "text/plain", "charset", NULL},
        {"Text/Plain; charset=utf-8", "text/plain", "charset", "utf-8"},
        {"text/plain; charset=\"utf-8\"; format=flowed", "text/plain", "format", "flowed"},
        {"text/plain;charset = utf-8 ;", "text/plain", "charset", "utf-8"},
        {"text/plain charset=utf-8", "text/plain", "charset", "utf-8"},
        {"text/plain;; charset=utf-8", "text/plain", "charset", "utf-8"},
        {"text/plain; charset=utf-8 format=flowed", "text/plain", "format", "flowed"},
        {"text/plain; charset=us-ascii (Plain (old) text)", "text/plain", "charset", "us-ascii"},
        {"(a) text/plain (b); (c) charset=utf-8", "text/plain", "charset", "utf-8"},
        {"text / plain; charset=utf-8", "text/plain", "charset", "utf-8"},
        {"text/plain; CHARSET=utf-8; charset=other", "text/plain", "charset", "utf-8"},
        {"multipart/mixed; boundary=----=_Next_1", "multipart/mixed", "boundary", "----=_Next_1"},
        {"multipart/mixed; boundary=\"a b\"", "multipart/mixed", "boundary", "a b"},
        {"multipart/mixed; boundary=\"=?x?=\"", "multipart/mixed", "boundary", "=?x?="},
        {"multipart/mixed; boundary*0=ab; boundary*1=cd", "multipart/mixed", "boundary", "abcd"},
        {"multipart/mixed; boundary=\"never; charset=utf-8", "multipart/mixed", "boundary",
         "never"},
        {"multipart/mixed; boundary=\"never; charset=utf-8", "multipart/mixed", "charset", "utf-8"},
        {"", "", "charset", NULL},
        {";", "", "charset", NULL},
        {"; charset=utf-8", "", "charset", "utf-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Params) params = params_parse (cases[i].text, strlen (cases[i].text));
        g_autofree char *token = params_token (params, cases[i].name);
        if (g_strcmp0 (token, cases[i].expected) != 0)
            g_test_message ("case: %s", cases[i].text);
        g_assert_cmpstr (params_value (params), ==, cases[i].value);
        g_assert_cmpstr (token, ==, cases[i].expected);
    }
}

static void test_file_names (void)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"attachment", NULL},
        {"attachment; filename=a.txt", "a.txt"},
        {"attachment; filename=\"a b.txt\"", "a b.txt"},
        {"attachment; filename=a b.txt; size=12", "a b.txt"},
        {"attachment; filename=a (1).txt", "a (1).txt"},
        {"attachment; filename=a b.txt size=12", "a b.txt"},
        {"attachment; filename=\"a \\\"b\\\".txt\"", "a \"b\".txt"},
        {"attachment; filename=\"a \"b\".txt\"", "a \"b\".txt"},
        {"attachment; filename=\"a;b.txt\"", "a;b.txt"},
        {"attachment; filename=\"a.txt", "a.txt"},
        {"attachment; filename=\"C:\\a\\b.txt\"", "C:\\a\\b.txt"},
        {"attachment; filename*=utf-8''caf%C3%A9.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename*=utf-8'fr'caf%c3%a9.txt; filename=cafe.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename=cafe.txt; filename*=iso-8859-1''caf%E9.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename*=\"utf-8''caf%C3%A9.txt\"", "caf" E_ACUTE ".txt"},
        {"attachment; filename*=caf%C3%A9.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename*=''caf%C3%A9.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename*0=one; filename*1=\"two.txt\"", "onetwo.txt"},
        {"attachment; filename*1=two.txt; filename*0=one", "onetwo.txt"},
        {"attachment; filename*0*=utf-8''caf%C3; filename*1*=%A9; filename*2=%20.txt",
         "caf" E_ACUTE "%20.txt"},
        {"attachment; filename*0*=utf-8''a; filename*1*=b; filename*2*=c; filename*3*=d; "
         "filename*4*=e; filename*5*=f; filename*6*=g; filename*7*=h; filename*8*=i; "
         "filename*9*=j; filename*10*=k",
         "abcdefghijk"},
        {"attachment; filename=\"=?utf-8?Q?caf=C3=A9=2Etxt?=\"", "caf" E_ACUTE ".txt"},
        {"attachment; filename==?utf-8?Q?caf=C3=A9=2Etxt?=", "caf" E_ACUTE ".txt"},
        {"attachment; filename=\"=?utf-8?B?Y2Fm?= =?utf-8?B?w6k=?=.txt\"", "caf" E_ACUTE ".txt"},
        {"attachment; filename*0=\"=?utf-8?B?Y2Fm\"; filename*1=\"w6k=?=.txt\"",
         "caf" E_ACUTE ".txt"},
        {"attachment; filename=caf\xc3\xa9.txt", "caf" E_ACUTE ".txt"},
        {"attachment; filename=\"caf\xe9.txt\"", "caf" E_ACUTE ".txt"},
        {"attachment filename=a.txt", "a.txt"},
        {"attachment; foo; filename=a.txt", "a.txt"},
        {"attachment; filename=", ""},
        {"attachment; filename=\"\"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (Params) params = params_parse (cases[i].text, strlen (cases[i].text));
        g_autofree char *name = params_text (params, "filename", NULL);
        if (g_strcmp0 (name, cases[i].expected) != 0)
            g_test_message ("case: %s", cases[i].text);
        g_assert_cmpstr (params_value (params), ==, "attachment");
        g_assert_cmpstr (name, ==, cases[i].expected);
    }
}

static void test_dates (void)
{
    static const struct {
        const char *value, *expected; /* NULL: no date */
    } cases[] = {
        {"Fri, 31 Jan 2003 16:05:06 +0100", "2003-01-31T16:05:06+01:00"},
        {"31 Jan 2003 16:05 -0530", "2003-01-31T16:05:00-05:30"},
        {"Fri, 31 Jan 2003 16:05:06 +0100 (CET)", "2003-01-31T16:05:06+01:00"},
        {"Fri , 31 (last) Jan 2003 16 : 05", "2003-01-31T16:05:00+00:00"},
        {"Fri, 31 Jan 03 16:05:06 GMT", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 99 16:05:06 EST", "1999-01-31T16:05:06-05:00"},
        {"Fri, 31 Jan 103 16:05:06 EDT", "2003-01-31T16:05:06-04:00"},
        {"Fri, 31 Jan 0003 16:05:06 PST", "2003-01-31T16:05:06-08:00"},
        {"Fri, 31 Jan 2003 16:05:06", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 2003 16:05:06 -0000", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 2003 16:05:06 CEST", "2003-01-31T16:05:06+02:00"},
        {"Fri, 31 Jan 2003 16:05:06 XYZ", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 2003 16:05:06 +01:00", "2003-01-31T16:05:06+01:00"},
        {"Fri, 31 Jan 2003 16:05:06 GMT+0100", "2003-01-31T16:05:06+01:00"},
        {"Fri, 31 Jan 2003 16:05:06 \"GMT\"", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 2003 16:05:06 +9900", "2003-01-31T16:05:06+00:00"},
        {"Fri, 31 Jan 2003 16:05:06.789 +0100", "2003-01-31T16:05:06+01:00"},
        {"Fri, 31 Jan 2003 16.05.06 +0100", "2003-01-31T16:05:06+01:00"},
        {"Fri, 31-Jan-2003 16:05:06 +0100", "2003-01-31T16:05:06+01:00"},
        {"31-Jan-03 16:05:06 +0100", "2003-01-31T16:05:06+01:00"},
        {"Fri Jan 31 16:05:06 2003", "2003-01-31T16:05:06+00:00"},
        {"Fri Jan 31 16:05:06 +0100 2003", "2003-01-31T16:05:06+01:00"},
        {"Fri Jan 31 16:05:06 CET 2003", "2003-01-31T16:05:06+01:00"},
        {"Friday, January 31, 2003 4:05 PM", "2003-01-31T16:05:00+00:00"},
        {"January 31, 2003 12:05 AM", "2003-01-31T00:05:00+00:00"},
        {"1/31/2003 4:05:06 PM", "2003-01-31T16:05:06+00:00"},
        {"31/1/2003 16:05:06", "2003-01-31T16:05:06+00:00"},
        {"31.01.2003 16:05", "2003-01-31T16:05:00+00:00"},
        {"2003-01-31T16:05:06+01:00", "2003-01-31T16:05:06+01:00"},
        {"2003-01-31T16:05:06Z", "2003-01-31T16:05:06+00:00"},
        {"2003-01-31 16:05:06 +0100", "2003-01-31T16:05:06+01:00"},
        {"vr, 31 jan 2003 16:05:06 +0100", "2003-01-31T16:05:06+01:00"},
        {"Di, 01 Okt 2002 16:05:06 +0200", "2002-10-01T16:05:06+02:00"},
        {"mar., 1 oct. 2002 16:05:06 +0200", "2002-10-01T16:05:06+02:00"},
        {"Sat, 31 Dec 2016 23:59:60 +0000", "2017-01-01T00:00:00+00:00"},
        {"Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00+00:00"},
        {"Tue, 29 Feb 2000 00:00:00 +0000", "2000-02-29T00:00:00+00:00"},
        {"Fri, 31 Jan 2003", "2003-01-31T00:00:00+00:00"},
        {"", NULL},
        {"yesterday", NULL},
        {"1\f\v2", NULL},
        {"1\f\v2", NULL},
        {"31 2003", NULL},
        {"Fri, 45 Jan 2003 16:05:06 +0100", NULL},
        {"Fri, 31 Jan 2003 36:05:06 +0100", NULL},
        {"99999999999999999999", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
        gint64 time_ms = 0;
        gint offset = 0;
        gboolean found = date_parse (cases[i].value, &time_ms, &offset);
        g_autofree char *text = found ? date_format (time_ms, offset) : NULL;
        if (g_strcmp0 (text, cases[i].expected) != 0)
            g_test_message ("case: %s", cases[i].value);
        g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* A megabyte of one mark, in all readers, in well under a second each. */
static void test_hostile (void)
{
    static const char *const units[] = {
        "(",
        "=?",
        "\"",
        "=?a?q?",
        "=?a?b?",
        "=?a?q?x?= ",
        "\\",
        ";",
        "a=\"b;",
        "a*0=",
        "a=",
        "=?a?q?=?a?q?",
        "1 ",
        "1:",
        "+1",
        "'",
        "=?utf-8?b?w?= ",
        "?=3f",
        ("=?a?q?" "?=3f"),
        "name*1*=%41;",
        "a=\"b\"c",
    };
    for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
        g_autoptr (GString) value = g_string_new ("x; ");
        while (value->len < 1000000)
            g_string_append (value, units[i]);
        gint64 start = cpu_us(), time_ms;
        gint offset;
        g_autofree char *words = words_decode (value->str, value->len, NULL);
        g_autoptr (Params) params = params_parse (value->str, value->len);
        g_autofree char *name = params_text (params, "name", NULL);
        g_assert_false (date_parse (value->str, &time_ms, &offset) && time_ms == 0);
        gint64 spent_ms = (cpu_us() - start) / 1000;
        if (spent_ms > 500)
            g_test_message ("%s: %" G_GINT64_FORMAT " ms", units[i], spent_ms);
        g_assert_cmpint (spent_ms, <, TIME_LIMIT (2000));
        g_assert_true (g_utf8_validate (words, -1, NULL));
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/words/forms-of-real-mail", test_words);
    g_test_add_func ("/params/tokens", test_params);
    g_test_add_func ("/params/file-names", test_file_names);
    g_test_add_func ("/dates", test_dates);
    g_test_add_func ("/words/hostile-values-take-no-time", test_hostile);
    return g_test_run();
}
