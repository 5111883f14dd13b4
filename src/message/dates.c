/* dates.c - see dates.h.
 *
 * Real Date headers follow no grammar, so there is none here: the value is cut into numbers and
 * words, and each finds its place by its own form (a month name, four digits, a colon behind it).
 *
 * (I1) Linear. (I2) A date without day, month or year is no date: nothing is guessed from a clock.
 */
#include "dates.h"

#include <string.h>

#define UNSET (-1)
#define OFFSET_MAX_MINUTES (16 * 60)

typedef struct {
    gint year, month, day; /* UNSET until found */
    gint hour, minute, second;
    gint offset; /* minutes */
    gboolean has_time, has_zone, is_pm, is_am;
} Found;

static const struct {
    const char *prefix; /* lower case */
    gint month;
} months[] = {
    {"jan", 1},
    {"feb", 2},
    {"mar", 3},
    {"apr", 4},
    {"may", 5},
    {"jun", 6},
    {"jul", 7},
    {"aug", 8},
    {"sep", 9},
    {"oct", 10},
    {"nov", 11},
    {"dec", 12},
    /* Dutch, German, French, Spanish, Italian, Portuguese where they differ. */
    {"mrt", 3},
    {"maa", 3},
    {"mei", 5},
    {"mai", 5},
    {"okt", 10},
    {"dez", 12},
    {"mrz", 3},
    {"m\xc3\xa4r", 3},
    {"fev", 2},
    {"f\xc3\xa9v", 2},
    {"avr", 4},
    {"juin", 6},
    {"juil", 7},
    {"aou", 8},
    {"ao\xc3\xbb", 8},
    {"d\xc3\xa9"
     "c",
     12},
    {"ene", 1},
    {"abr", 4},
    {"ago", 8},
    {"dic", 12},
    {"gen", 1},
    {"mag", 5},
    {"giu", 6},
    {"lug", 7},
    {"set", 9},
    {"ott", 10},
    {"out", 10},
};

static const struct {
    const char *name;
    gint offset; /* minutes */
} zones[] = {
    {"UT", 0},       {"UTC", 0},     {"GMT", 0},     {"Z", 0},      {"WET", 0},    {"EST", -300},
    {"EDT", -240},   {"CST", -360},  {"CDT", -300},  {"MST", -420}, {"MDT", -360}, {"PST", -480},
    {"PDT", -420},   {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"AST", -240}, {"ADT", -180},
    {"NST", -210},   {"NDT", -150},  {"BST", 60},    {"IST", 330},  {"WEST", 60},  {"CET", 60},
    {"MET", 60},     {"MEZ", 60},    {"MEWT", 60},   {"CEST", 120}, {"MEST", 120}, {"MESZ", 120},
    {"METDST", 120}, {"EET", 120},   {"EEST", 180},  {"MSK", 180},  {"MSD", 240},  {"SAST", 120},
    {"HKT", 480},    {"SGT", 480},   {"AWST", 480},  {"JST", 540},  {"KST", 540},  {"ACST", 570},
    {"ACDT", 630},   {"AEST", 600},  {"AEDT", 660},  {"NZST", 720}, {"NZDT", 780}, {"BRT", -180},
    {"ART", -180},
};

static gint number_at (const char *text, gsize digits)
{
    gint number = 0;
    for (gsize i = 0; i < digits && i < 9; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static gsize count_digits (const char *text)
{
    gsize n = 0;
    while (g_ascii_isdigit (text[n]))
        n++;
    return n;
}

static const char *skip_comment (const char *at)
{
    guint depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(')
            depth++;
        else if (*at == ')' && --depth == 0)
            return at + 1;
    }
    return at;
}

/* "12:34", "12:34:56", "12:34:56.789"; the same with dots. Returns what is behind it. */
static const char *read_time (Found *found, const char *at, gsize digits, char separator)
{
    found->hour = number_at (at, digits);
    at += digits + 1;
    gsize n = count_digits (at);
    found->minute = number_at (at, n);
    at += n;
    found->second = 0;
    if (*at == separator && g_ascii_isdigit (at[1])) {
        n = count_digits (++at);
        found->second = number_at (at, n);
        at += n;
        if ((*at == '.' || *at == ',' || *at == ':') && g_ascii_isdigit (at[1]))
            at += 1 + count_digits (at + 1);
    }
    found->has_time = TRUE;
    return at;
}

/* "+0100", "-5", "+01:00", "+530". */
static const char *read_zone (Found *found, const char *at)
{
    gint sign = *at == '-' ? -1 : 1;
    if (*at == '+' || *at == '-')
        at++;
    gsize n = count_digits (at);
    gint number = number_at (at, n);
    gint minutes = n <= 2 ? number * 60 : number / 100 * 60 + number % 100;
    at += n;
    if (n <= 2 && *at == ':' && g_ascii_isdigit (at[1])) {
        gsize more = count_digits (at + 1);
        minutes += number_at (at + 1, more);
        at += 1 + more;
    }
    if (minutes <= OFFSET_MAX_MINUTES) {
        found->offset = sign * minutes;
        found->has_zone = TRUE;
    }
    return at;
}

/* RFC 5322, 4.3; "0001" comes from programs that print a short year with four digits. */
static gint full_year (gint number, gsize digits)
{
    if (number >= 1000)
        return number;
    if (digits == 3)
        return number + 1900;
    return number < 50 ? number + 2000 : number + 1900;
}

/* "2003-01-31" or "2003/01/31"; and "1/31/2003", where the month comes first unless it cannot be
 * one; "31.1.2003". NULL when it is something else. */
static const char *read_numeric_date (Found *found, const char *at, gsize digits, char separator)
{
    gint numbers[3] = {number_at (at, digits), 0, 0};
    gsize lengths[3] = {digits, 0, 0};
    for (gint i = 1; i < 3; i++) {
        at += lengths[i - 1];
        if (*at != separator || !g_ascii_isdigit (at[1]))
            return NULL;
        lengths[i] = count_digits (++at);
        numbers[i] = number_at (at, lengths[i]);
    }
    at += lengths[2];
    if (lengths[0] == 4) {
        found->year = numbers[0];
        found->month = numbers[1];
        found->day = numbers[2];
        return at;
    }
    if (lengths[2] == 1 || lengths[2] == 3 || (separator == '.' && lengths[2] != 4))
        return NULL;
    gboolean is_day_first = separator != '/' || numbers[0] > 12;
    found->day = numbers[is_day_first ? 0 : 1];
    found->month = numbers[is_day_first ? 1 : 0];
    found->year = full_year (numbers[2], lengths[2]);
    return at;
}

/* A number that nothing around it explains: day, year or a zone without its sign. */
static void place_number (Found *found, gint number, gsize digits)
{
    if (digits == 8 && found->year == UNSET && found->day == UNSET) {
        found->year = number / 10000;
        found->month = number / 100 % 100;
        found->day = number % 100;
    } else if (digits <= 2 && found->day == UNSET) {
        found->day = number;
    } else if (found->year == UNSET) {
        found->year = full_year (number, digits);
    } else if (digits == 4 && found->has_time && !found->has_zone) {
        found->offset = number / 100 * 60 + number % 100;
        found->has_zone = found->offset <= OFFSET_MAX_MINUTES;
        found->offset = found->has_zone ? found->offset : 0;
    }
}

static const char *read_number (Found *found, const char *at)
{
    gsize digits = count_digits (at);
    char next = at[digits];
    gboolean is_followed = next != '\0' && g_ascii_isdigit (at[digits + 1]);
    if (next == ':' && is_followed && digits <= 2 && !found->has_time)
        return read_time (found, at, digits, ':');
    if (is_followed && strchr ("-/.", next) != NULL && found->day == UNSET) {
        const char *behind = read_numeric_date (found, at, digits, next);
        if (behind != NULL)
            return behind;
    }
    if (next == '.' && is_followed && digits <= 2 && found->day != UNSET && !found->has_time)
        return read_time (found, at, digits, '.');
    place_number (found, number_at (at, digits), digits);
    return at + digits;
}

static void place_zone (Found *found, const char *word, gsize len)
{
    if (found->has_zone || !found->has_time)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS (zones); i++) {
        if (strlen (zones[i].name) == len && g_ascii_strncasecmp (word, zones[i].name, len) == 0) {
            found->offset = zones[i].offset;
            /* "GMT+0100": the number behind it is the zone. */
            found->has_zone = word[len] != '+' && word[len] != '-';
            return;
        }
    }
}

static const char *read_word (Found *found, const char *at)
{
    gsize len = 0;
    while (g_ascii_isalpha (at[len]) || (guchar)at[len] >= 0x80)
        len++;
    if (found->has_time && len == 2 && (at[1] == 'M' || at[1] == 'm')) {
        found->is_pm = found->is_pm || at[0] == 'P' || at[0] == 'p';
        found->is_am = found->is_am || at[0] == 'A' || at[0] == 'a';
    }
    for (gsize i = 0; i < G_N_ELEMENTS (months); i++) {
        gsize size = strlen (months[i].prefix);
        if (len >= size && g_ascii_strncasecmp (at, months[i].prefix, size) == 0) {
            found->month = months[i].month;
            return at + len;
        }
    }
    place_zone (found, at, len);
    return at + len;
}

static void read_all (Found *found, const char *at)
{
    while (*at != '\0') {
        if ((*at == '+' || *at == '-') && found->has_time && !found->has_zone &&
            g_ascii_isdigit (at[1]))
            at = read_zone (found, at);
        else if (g_ascii_isdigit (*at))
            at = read_number (found, at);
        else if (g_ascii_isalpha (*at) || (guchar)*at >= 0x80)
            at = read_word (found, at);
        else
            at++;
    }
}

/* Behind the blanks and comments that stand here. */
static const char *skip_gap (const char *at)
{
    while (*at == '(' || g_ascii_isspace (*at))
        at = *at == '(' ? skip_comment (at) : at + 1;
    return at;
}

/* Without comments, and without the blanks that RFC 822 allowed around colons. Owned. */
static char *simplify (const char *value)
{
    GString *out = g_string_sized_new (64);
    while (*value != '\0') {
        const char *behind = skip_gap (value);
        if (behind == value) {
            g_string_append_c (out, *value++);
            continue;
        }
        if (*behind != ':' && (out->len == 0 || out->str[out->len - 1] != ':'))
            g_string_append_c (out, ' ');
        value = behind;
    }
    return g_string_free (out, FALSE);
}

/* Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant's days_from_civil). */
static gint64 days_from_civil (gint64 year, gint month, gint day)
{
    year -= month <= 2 ? 1 : 0;
    gint64 era = (year >= 0 ? year : year - 399) / 400;
    gint64 of_era = year - era * 400;
    gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static gboolean is_plausible (const Found *found)
{
    return found->year >= 1 && found->year <= 9999 && found->month >= 1 && found->month <= 12 &&
           found->day >= 1 && found->day <= 31 && found->hour <= 24 && found->minute <= 59 &&
           found->second <= 61;
}

gboolean date_parse (const char *value, gint64 *ret_ms, gint *ret_offset_minutes)
{
    Found found = {.year = UNSET, .month = UNSET, .day = UNSET};
    g_autofree char *simple = simplify (value);
    read_all (&found, simple);
    if (!is_plausible (&found))
        return FALSE;
    gint hour = found.hour;
    if (found.is_pm && hour < 12)
        hour += 12;
    else if (found.is_am && hour == 12)
        hour = 0;
    gint64 minutes = days_from_civil (found.year, found.month, found.day) * 1440 + hour * 60 +
                     found.minute - found.offset;
    *ret_ms = (minutes * 60 + found.second) * 1000;
    *ret_offset_minutes = found.offset;
    return TRUE;
}

char *date_format (gint64 time_ms, gint offset_minutes)
{
    g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_ms / 1000);
    g_autoptr (GDateTime) local =
        utc != NULL ? g_date_time_add_minutes (utc, offset_minutes) : NULL;
    if (local == NULL)
        return g_strdup ("");
    g_autofree char *text = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
    gint size = ABS (offset_minutes);
    return g_strdup_printf ("%s%c%02d:%02d", text, offset_minutes < 0 ? '-' : '+', size / 60,
                            size % 60);
}
