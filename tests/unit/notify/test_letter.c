/* test_letter.c - a mail as it goes out, read back with message_parse. */
#include "error.h"
#include "letter.h"
#include "message.h"
#include "world.h"

/* The first mail of this kind to this address in the outbox. Owned. */
static Notice *notice_to (World *world, NoticeKind kind, const char *address)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        if (notice->kind == kind && g_str_equal (notice->address, address)) {
            Notice *found = store_notice_get (world->reader, notice->id, &error);
            g_assert_no_error (error);
            return found;
        }
    }
    g_assert_not_reached();
}

static Letter *compose (World *world, const Notice *notice)
{
    g_autoptr (GError) error = NULL;
    Letter *letter =
        letter_new (world->conf, world->templates, world->key, world->reader, notice, &error);
    g_assert_no_error (error);
    g_assert_nonnull (letter);
    return letter;
}

static Message *composed (World *world, NoticeKind kind, const char *address)
{
    g_autoptr (Notice) notice = notice_to (world, kind, address);
    g_autoptr (Letter) letter = compose (world, notice);
    Message *message = message_parse (letter->mail, NULL);
    g_assert_false (message->is_opaque);
    return message;
}

#define assert_holds(text, part)                                                                   \
    do {                                                                                           \
        if (strstr (text, part) == NULL)                                                           \
            g_error ("%s: not within: %s", part, text);                                            \
    } while (0)

#define assert_lacks(text, part)                                                                   \
    do {                                                                                           \
        if (strstr (text, part) != NULL)                                                           \
            g_error ("%s: within: %s", part, text);                                                \
    } while (0)

/* Every header that PRODUCT.md 3 names, for a mail whose author has an odd name. */
static void test_headers (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "orig1@example.test", "The whole text.");
    g_autoptr (Notice) notice = notice_to (world, NOTICE_POST, "anna@example.test");
    g_autoptr (Letter) letter = compose (world, notice);
    g_autoptr (Message) message = message_parse (letter->mail, NULL);
    const Address *from = message->from->pdata[0];
    g_assert_cmpstr (from->name, ==, "Gina Groot via Carbonless");
    g_assert_true (g_str_has_prefix (from->addr, "reply+"));
    g_assert_true (g_str_has_suffix (from->addr, "@posts.example.test"));
    g_assert_cmpstr (((const Address *)message->reply_to->pdata[0])->addr, ==, from->addr);
    g_assert_cmpstr (letter->sender, !=, from->addr); /* which an answer shows to others */
    g_assert_cmpuint (message->to->len, ==, 1);
    g_assert_cmpstr (((const Address *)message->to->pdata[0])->addr, ==, "anna@example.test");
    g_assert_cmpstr (message->subject, ==, "Lunch at noon");
    g_assert_cmpstr (message_header (message, "List-Id"), ==, "Carbonless <posts.example.test>");
    g_autofree char *archived =
        g_strdup_printf ("<https://blog.example.test/p/%" G_GINT64_FORMAT ">", post.value);
    g_assert_cmpstr (message_header (message, "Archived-At"), ==, archived);
    const char *unsubscribe = message_header (message, "List-Unsubscribe");
    g_assert_true (g_str_has_prefix (unsubscribe, "<https://blog.example.test/unsubscribe?key="));
    assert_holds (unsubscribe, ", <mailto:reply+");
    assert_holds (unsubscribe, "@posts.example.test?subject=mute>");
    g_assert_cmpstr (message_header (message, "List-Unsubscribe-Post"), ==,
                     "List-Unsubscribe=One-Click");
    g_assert_cmpstr (message_header (message, "Auto-Submitted"), ==, "auto-generated");
    g_assert_cmpstr (message_header (message, "X-Auto-Response-Suppress"), ==, "All");
    g_assert_cmpstr (message->in_reply_to->pdata[0], ==, "orig1@example.test");
    g_assert_cmpstr (message->references->pdata[message->references->len - 1], ==,
                     "orig1@example.test");
    g_assert_true (g_str_has_suffix (message->message_id, "@posts.example.test"));
    g_autofree char *hop = policy_hop_value (world->key, message->message_id);
    g_assert_cmpstr (message_header (message, HOP_HEADER), ==, hop);
    g_assert_null (message_header (message, "Sender"));
    g_assert_null (message_header (message, "Bcc"));
    /* Its own gateway leaves it alone. */
    Classification what = classify_message (message, letter->sender);
    g_assert_true (what.is_auto);
}

/* The keys open, for this person and this thread. */
static void test_keys (void)
{
    g_autoptr (World) world = world_new ("reply_key_days = 10");
    PostId post = world_post (world, "orig2@example.test", "Text.");
    g_autoptr (Notice) notice = notice_to (world, NOTICE_POST, "anna@example.test");
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    const char *addr = ((const Address *)message->from->pdata[0])->addr;
    g_auto (GStrv) halves = g_strsplit (addr + strlen ("reply+"), "@", 2);
    Token token;
    gboolean is_expired = FALSE;
    gint64 day_ms = 24 * 3600 * 1000;
    g_assert_true (token_open (world->key, TOKEN_REPLY, halves[0], WORLD_NOW, &token, NULL));
    g_assert_cmpint (token.person, ==, notice->person.value);
    g_assert_cmpint (token.id, ==, post.value);
    g_assert_false (token_open (world->key, TOKEN_REPLY, halves[0], WORLD_NOW + 11 * day_ms, &token,
                                &is_expired));
    g_assert_true (is_expired);
    const char *value = message_header (message, "List-Unsubscribe");
    const char *start = strstr (value, "key=") + 4;
    g_autofree char *key = g_strndup (start, strcspn (start, ">"));
    g_assert_true (token_open (world->key, TOKEN_UNSUBSCRIBE, key, WORLD_NOW, &token, NULL));
    g_assert_false (token_open (world->key, TOKEN_REPLY, key, WORLD_NOW, &token, NULL));
}

static void assert_wire (GBytes *mail)
{
    gsize len, column = 0;
    const char *data = g_bytes_get_data (mail, &len);
    for (gsize i = 0; i < len; i++) {
        g_assert_cmpint ((guchar)data[i], <, 128);
        g_assert_cmpint (data[i], !=, 0);
        if (data[i] == '\n')
            g_assert_cmpint (data[i - 1], ==, '\r');
        column = data[i] == '\n' ? 0 : column + 1;
        g_assert_cmpuint (column, <=, 999);
    }
    g_assert_cmpint (data[len - 1], ==, '\n');
}

/* Both parts hold the whole text, whatever is in it, and the bytes are safe on any path. */
static void test_parts (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GString) body =
        g_string_new ("Caf\xc3\xa9 <b>not bold</b> & \"quotes\" \xe2\x82\xac\r\n"
                      ".\r\n..\r\nFrom here\r\n> quoted\r\n{{subject}}\r\n");
    for (guint i = 0; i < 300; i++)
        g_string_append (body, "long ");
    g_string_append (body, "end-of-text");
    g_autofree char *mail = mail_new (
        "orig3@example.test", "Anna <anna@example.test>", "team@example.test",
        "=?utf-8?q?=E2=82=AC_for_=22all=22=2C_caf=C3=A9_and_a_rather_long_subject_that_has_?=\r\n"
        " =?utf-8?q?to_be_folded_twice_at_least_to_fit?=",
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n",
        body->str);
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Notice) notice = notice_to (world, NOTICE_POST, "anna@example.test");
    g_autoptr (Letter) letter = compose (world, notice);
    assert_wire (letter->mail);
    g_autoptr (Message) message = message_parse (letter->mail, NULL);
    g_assert_cmpstr (message->subject, ==,
                     "€ for \"all\", café and a rather long subject that has to be folded twice at "
                     "least to fit");
    assert_holds (message->text, "Café <b>not bold</b> & \"quotes\" €");
    assert_holds (message->text, "\n.\n..\nFrom here\n> quoted\n{{subject}}\n");
    assert_holds (message->text, "end-of-text");
    g_assert_nonnull (message->html);
    assert_holds (message->html, "Café &lt;b&gt;not bold&lt;/b&gt; &amp; ");
    assert_lacks (message->html, "<b>not bold</b>");
    assert_holds (message->html, "end-of-text");
    g_assert_cmpstr (message_header (message, "MIME-Version"), ==, "1.0");
    assert_holds (message_header (message, "Content-Type"), "multipart/alternative");
}

static void test_hostile_html (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new (
        "orig4@example.test", "Anna <anna@example.test>", "team@example.test", "Offer",
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n",
        "<p onclick=\"x()\">Hello<script>alert(1)</script>"
        "<img src=\"https://tracker.test/p.gif\" alt=\"pixel\"><iframe src=\"//e.test\"></iframe>"
        "<a href=\"javascript:x()\">bad</a> <a href=\"https://good.test/\">good</a></p>");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    static const char *const bad[] = {"<script", "onclick", "tracker.test", "<iframe",
                                      "javascript:"};
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
        assert_lacks (message->html, bad[i]);
    assert_holds (message->html, "https://good.test/");
    assert_holds (message->text, "Hello");
}

#define PNG                                                                                        \
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"     \
    "rkJggg=="

static char *mail_with_images (void)
{
    g_autofree char *big = g_strnfill (90 * 1024, 'A');
    g_autofree char *body = g_strconcat (
        "--b\r\nContent-Type: text/html\r\n\r\n<p>See <img src=\"cid:small@x\" alt=\"chart\">"
        "<img src=\"cid:big@x\" alt=\"photo\"><img src=\"cid:none@x\" alt=\"gone\">"
        "<img src=\"cid:doc@x\" alt=\"doc\"></p>\r\n"
        "--b\r\nContent-Type: image/png; name=\"chart.png\"\r\nContent-ID: <small@x>\r\n"
        "Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n" PNG "\r\n"
        "--b\r\nContent-Type: image/png; name=\"photo.png\"\r\nContent-ID: <big@x>\r\n"
        "Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        big,
        "\r\n--b\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-ID: <doc@x>\r\n"
        "Content-Disposition: attachment; filename=\"plan.pdf\"\r\n\r\nPDF\r\n--b--",
        NULL);
    return mail_new ("orig5@example.test", "Anna <anna@example.test>", "team@example.test",
                     "Pictures",
                     "MIME-Version: 1.0\r\nContent-Type: multipart/related; "
                     "boundary=b\r\n",
                     body);
}

/* Small images travel; large ones and files are links. */
static void test_images_and_files (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_with_images();
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    assert_holds (message->html, "src=\"cid:small@x\"");
    assert_lacks (message->html, "cid:big@x");
    assert_lacks (message->html, "cid:doc@x");
    const Part *small = message_part_by_id (message, "small@x");
    g_assert_nonnull (small);
    g_assert_cmpstr (small->type, ==, "image/png");
    g_assert_null (message_part_by_id (message, "big@x"));
    g_assert_null (message_part_by_id (message, "doc@x"));
    g_autofree char *prefix = g_strdup_printf (
        "https://blog.example.test/p/%" G_GINT64_FORMAT "/file/", outcome.post.value);
    assert_holds (message->text, "plan.pdf (");
    assert_holds (message->text, prefix);
    assert_holds (message->html, "plan.pdf");
    assert_holds (message->html, prefix);
    assert_holds (message_header (message, "Content-Type"), "multipart/alternative");
}

static gboolean apply_dutch (StoreTxn *txn, gpointer data, GError **error)
{
    PersonId id;
    (void)data;
    return store_person_ensure (txn, "anna@example.test", "Anna", &id, error) &&
           store_person_set (txn, id, NULL, "nl", "Europe/Amsterdam", error);
}

static void test_dutch (void)
{
    g_autoptr (World) world = world_new (NULL);
    WORLD_WRITE (world, apply_dutch, NULL);
    g_autofree char *mail = mail_new ("nl@example.test", FIVE_TO, NULL, "Vrijdag", NULL,
                                      "Hallo Anna en Bob,\r\n\r\nWie komt er?");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) dutch = composed (world, NOTICE_POST, "anna@example.test");
    assert_holds (dutch->text, "U krijgt dit omdat");
    assert_holds (dutch->text, "10:59"); /* an hour east of UTC */
    assert_holds (dutch->html, "lang=\"nl\"");
    g_autoptr (Message) english = composed (world, NOTICE_POST, "bob@example.test");
    assert_holds (english->text, "You get it because");
    assert_holds (english->text, "09:59");
    assert_holds (english->html, "lang=\"en\"");
}

/* No reader learns of a Bcc'd one, not even another; they are told what they are. */
static void test_bcc (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new ("bcc@example.test", "Anna <anna@example.test>",
                                      "team@example.test", "Quiet", NULL, "Anna, look at this.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE " hugo ida", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    static const char *const readers[] = {"anna@example.test", "hugo@example.test",
                                          "ida@example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (readers); i++) {
        g_autoptr (Notice) notice = notice_to (world, NOTICE_POST, readers[i]);
        g_autoptr (Letter) letter = compose (world, notice);
        gsize len;
        const char *data = g_bytes_get_data (letter->mail, &len);
        for (guint k = 1; k < G_N_ELEMENTS (readers); k++)
            if (k != i)
                g_assert_null (g_strstr_len (data, (gssize)len, readers[k]));
        g_autoptr (Message) message = message_parse (letter->mail, NULL);
        if (i > 0)
            assert_holds (message->text, "you are a Bcc recipient; nobody else can see that.");
    }
}

/* A restricted post says so, and who may not see it any more gets no mail. */
static void test_restricted (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autoptr (GError) error = NULL;
    g_autofree char *mail = mail_new ("priv@example.test", FIVE_TO, NULL, "[private] Plans", NULL,
                                      "Hello Anna, only for you.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    assert_holds (message->text, "Only its author and recipients can see it.");
    assert_lacks (message->text, "Every colleague can read it");
    assert_holds (message->html, "Only its author and recipients can see it.");
    g_autoptr (Notice) stray = notice_to (world, NOTICE_POST, "anna@example.test");
    stray->person.value = 999999;
    g_assert_null (
        letter_new (world->conf, world->templates, world->key, world->reader, stray, &error));
    g_assert_cmpint (error_class (error), ==, ERR_NOT_FOUND);
}

/* Each reason has its sentence, in both languages. */
static void test_reasons (void)
{
    static const char *const reasons[] = {"to",        "first", "answered", "wrote", "greeted",
                                          "mentioned", "habit", "bcc",      "other"};
    static const char *const languages[] = {"language = \"en\"", "language = \"nl\""};
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint k = 0; k < G_N_ELEMENTS (languages); k++) {
        g_autoptr (World) world = world_new (languages[k]);
        world_post (world, "why@example.test", "Text.");
        for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
            g_autoptr (Notice) notice = notice_to (world, NOTICE_POST, "anna@example.test");
            g_free (notice->reason);
            notice->reason = g_strdup (reasons[i]);
            g_autoptr (Letter) letter = compose (world, notice);
            g_autoptr (Message) message = message_parse (letter->mail, NULL);
            const char *line =
                strstr (message->text, k == 0 ? "You get it because " : "U krijgt dit omdat ");
            g_assert_nonnull (line);
            g_autofree char *sentence = g_strndup (line, strcspn (line, "\n"));
            g_assert_cmpuint (strlen (sentence), >, 25);
            g_assert_true (g_hash_table_add (seen, g_steal_pointer (&sentence)));
        }
    }
}

/* The same bytes each time, later too. */
static void test_same_bytes (void)
{
    g_autoptr (World) world = world_new (NULL);
    world_post (world, "same@example.test", "Text.");
    static const NoticeKind kinds[] = {NOTICE_POST, NOTICE_RECEIPT};
    static const char *const addresses[] = {"anna@example.test", "gina@example.test"};
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
        clock_fake_set (world->clock, WORLD_NOW);
        g_autoptr (Notice) notice = notice_to (world, kinds[i], addresses[i]);
        g_autoptr (Letter) first = compose (world, notice);
        clock_fake_set (world->clock, WORLD_NOW + 3 * 24 * 3600 * G_GINT64_CONSTANT (1000));
        g_autoptr (Letter) again = compose (world, notice);
        g_assert_true (g_bytes_equal (first->mail, again->mail));
        g_assert_cmpstr (first->sender, ==, again->sender);
    }
}

static void test_receipt (void)
{
    g_autoptr (World) world = world_new (NULL);
    PostId post = world_post (world, "rec@example.test", "Text.");
    g_autoptr (Notice) notice = notice_to (world, NOTICE_RECEIPT, "gina@example.test");
    g_autoptr (Letter) letter = compose (world, notice);
    g_assert_cmpstr (letter->sender, ==, "");
    g_autoptr (Message) message = message_parse (letter->mail, NULL);
    g_assert_cmpstr (message->subject, ==, "Posted: Lunch at noon");
    g_assert_cmpstr (((const Address *)message->from->pdata[0])->addr, ==,
                     "help@posts.example.test");
    g_autofree char *url =
        g_strdup_printf ("https://blog.example.test/p/%" G_GINT64_FORMAT, post.value);
    assert_holds (message->text, url);
    assert_holds (message->text, "Anna");
    assert_holds (message->text, "4 more find it");
    assert_holds (message->text, "https://blog.example.test/author?key=");
    assert_holds (message->text, "[mail]");
    g_assert_cmpstr (message_header (message, "Auto-Submitted"), ==, "auto-generated");
    g_assert_cmpstr (message->in_reply_to->pdata[0], ==, "rec@example.test");
}

/* "1 more find it" is no English. */
static void test_receipt_one (void)
{
    g_autoptr (World) world = world_new ("must_read = \"to\"");
    g_autofree char *mail =
        mail_new ("one@example.test", "anna@example.test, bob@example.test, carl@example.test",
                  "dora@example.test", "Four", NULL, "Text.");
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", "anna bob carl dora", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_RECEIPT, "gina@example.test");
    assert_holds (message->text, "One more finds it");
    assert_lacks (message->text, "1 more");
}

static gboolean apply_release (StoreTxn *txn, gpointer data, GError **error)
{
    guint count = 0;
    const PostId *post = data;
    return store_release (txn, *post, "gina@example.test", &count, error) && count == 5;
}

static void test_release (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *mail = mail_new ("rel@example.test", FIVE_TO, NULL, "As it was", NULL,
                                      ".dot\r\nFrom here\r\n8bit \xe9\xff");
    g_auto (Outcome) outcome = world_send (world, "gina+x@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    WORLD_WRITE (world, apply_release, &outcome.post);
    g_autoptr (Notice) notice = notice_to (world, NOTICE_RELEASE, "emil@example.test");
    g_autoptr (Letter) letter = compose (world, notice);
    g_assert_cmpstr (letter->sender, ==, "gina+x@example.test");
    assert_bytes (letter->mail, mail, strlen (mail));
}

/* Names that want to break out of their header. */
static void test_injection (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *base =
        mail_new ("inj@example.test", "Anna <anna@example.test>", "team@example.test",
                  "=?utf-8?q?Hi=0D=0ABcc:_evil@example.test?=", NULL, "Text.");
    g_autofree char *mail = g_strdup_printf (
        "From: =?utf-8?q?Gi=0D=0ABcc:_evil@example.test?= <gina@example.test>\r\n%s",
        strstr (base, "To: "));
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    g_assert_null (message_header (message, "Bcc"));
    g_assert_null (strchr (message->subject, '\n'));
    g_assert_cmpuint (message->to->len, ==, 1);
}

/* Marks that turn the direction of writing make "exe.txt" of "txt.exe", and what follows a name
 * unreadable; a thousand names of ten thousand characters each would be no mail any more. */
static void test_odd_names (void)
{
    g_autoptr (World) world = world_new (NULL);
    g_autofree char *word = g_strnfill (10000, 'n');
    g_autofree char *body = g_strdup_printf (
        "--b\r\n\r\nText.\r\n--b\r\nContent-Disposition: attachment;\r\n"
        " filename*=utf-8''evil%%E2%%80%%AEtxt.exe\r\n\r\nx\r\n--b\r\n"
        "Content-Disposition: attachment; filename=\"%s.exe\"\r\n\r\nx\r\n--b--\r\n",
        word);
    g_autofree char *mail =
        mail_new ("odd@example.test", "=?utf-8?q?An=E2=80=AEna?= <anna@example.test>",
                  "team@example.test", "=?utf-8?q?Lunch_=E2=80=AEnoon?=",
                  "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n", body);
    g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
    const char *const shown[] = {message->subject, message->text, message->html};
    for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
        assert_lacks (shown[i], "\xe2\x80\xae");
    assert_holds (message->text, "eviltxt.exe");
    assert_holds (message->text, "…nnn");
}

/* Postfix takes no mail over 10 MB: of a pasted log the beginning comes, and says that it is one.
 */
static void test_giant_text (void)
{
    g_autofree char *filling = g_strnfill (8 * 1024 * 1024, '"');
    for (gsize at = 500; at < strlen (filling); at += 500)
        filling[at] = '\n';
    for (guint i = 0; i < 2; i++) {
        g_autoptr (World) world = world_new (NULL);
        const char *head = i == 0 ? NULL : "MIME-Version: 1.0\r\nContent-Type: text/html\r\n";
        g_autofree char *mail = mail_new ("giant@example.test", "anna@example.test",
                                          "team@example.test", "Log", head, filling);
        g_auto (Outcome) outcome = world_send (world, "gina@example.test", FIVE, mail);
        g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
        g_autoptr (Message) message = composed (world, NOTICE_POST, "anna@example.test");
        g_assert_cmpuint (g_bytes_get_size (message->raw), <, 4 * 1024 * 1024);
        assert_holds (message->text, "only the beginning");
        assert_holds (message->html, "only the beginning");
        assert_holds (message->text, "Just answer this mail");
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/notify/letter/headers", test_headers);
    g_test_add_func ("/notify/letter/keys", test_keys);
    g_test_add_func ("/notify/letter/parts", test_parts);
    g_test_add_func ("/notify/letter/hostile-html", test_hostile_html);
    g_test_add_func ("/notify/letter/images-and-files", test_images_and_files);
    g_test_add_func ("/notify/letter/dutch", test_dutch);
    g_test_add_func ("/notify/letter/bcc", test_bcc);
    g_test_add_func ("/notify/letter/restricted", test_restricted);
    g_test_add_func ("/notify/letter/reasons", test_reasons);
    g_test_add_func ("/notify/letter/same-bytes", test_same_bytes);
    g_test_add_func ("/notify/letter/receipt", test_receipt);
    g_test_add_func ("/notify/letter/receipt-one", test_receipt_one);
    g_test_add_func ("/notify/letter/release", test_release);
    g_test_add_func ("/notify/letter/injection", test_injection);
    g_test_add_func ("/notify/letter/odd-names", test_odd_names);
    g_test_add_func ("/notify/letter/giant-text", test_giant_text);
    return g_test_run();
}
