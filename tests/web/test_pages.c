/* test_pages.c - pages and notices in Chromium, at the width of a phone and of a desk: nothing
 * scrolls sideways, nothing of a hostile mail runs or is loaded. The pages are taken from a real
 * server; they are then shown without its Content-Security-Policy, so that what holds is their
 * content alone, with a script added that looks at them. */
#include <glib/gstdio.h>

#include "letter.h"
#include "letters.h"
#include "message.h"
#include "sample_mails.h"
#include "web_site.h"

static const int widths[] = {320, 390, 1280};

/* Runs first: whatever a mail tries ends up in `hits`. */
static const char probe_head[] = "<script>var hits=[];function hit(x){hits.push(String(x));}"
                                 "window.alert=window.confirm=window.prompt=hit;</script>";

/* Whether people can read a text: WCAG's contrast of its colour with what lies behind it. */
static const char probe_contrast[] =
    "<script>function rgb(t){var m=t.match(/[0-9.]+/g)||[];return m.map(Number);}"
    "function light(c){return c.slice(0,3).map(function(v){v/=255;"
    "return v<=0.03928?v/12.92:Math.pow((v+0.055)/1.055,2.4);})"
    ".reduce(function(s,v,i){return s+v*[0.2126,0.7152,0.0722][i];},0);}"
    "function behind(e){for(;e;e=e.parentElement){var c=rgb(getComputedStyle(e).backgroundColor);"
    "if(c.length===3||c[3]===1)return c;}"
    "var p=document.createElement('p');p.style.backgroundColor='Canvas';"
    "document.body.appendChild(p);var c=rgb(getComputedStyle(p).backgroundColor);p.remove();"
    "return c;}"
    "function contrast(e,part){var a=light(rgb(getComputedStyle(e,part).color)),b=light(behind(e));"
    "return (Math.max(a,b)+0.05)/(Math.min(a,b)+0.05);}</script>";

/* Tells the page that frames it what was seen. */
static const char probe_tail[] =
    "<script>setTimeout(function(){"
    "var d=document.documentElement,faults=[],all=document.querySelectorAll('*');"
    "if(d.scrollWidth>d.clientWidth)faults.push('scrolls sideways: "
    "'+d.scrollWidth+'>'+d.clientWidth);"
    "if(document.body.innerText.trim().length<20)faults.push('shows nothing');"
    "hits.forEach(function(h){faults.push('ran '+h);});"
    "performance.getEntriesByType('resource').forEach(function(e){faults.push('loaded '+e.name);});"
    "for(var i=0;i<all.length;i++){var e=all[i],n=e.localName;"
    "if(/^(iframe|object|embed|video|audio|base|form)$/.test(n)&&!e.action)faults.push('has '+n);"
    "if(getComputedStyle(e).position==='fixed')faults.push('fixed '+n);"
    "if(n==='input'&&e.type!=='hidden'&&!e.labels.length)faults.push('no label');"
    "if(n==='img'&&!e.hasAttribute('alt'))faults.push('no alt');"
    "if(e.placeholder&&contrast(e,'::placeholder')<4.5)faults.push('pale placeholder');"
    "if(/^(a|button|input|summary)$/.test(n)&&e.type!=='hidden'){e.focus();"
    "if(document.activeElement!==e)faults.push('no focus '+e.outerHTML.slice(0,80));"
    "if(getComputedStyle(e).outlineStyle==='none')faults.push('focus is not seen '+n);e.blur();}"
    "var own=Array.prototype.some.call(e.childNodes,function(t){"
    "return t.nodeType===3&&t.data.trim();});"
    "if(own&&e.getClientRects().length&&contrast(e)<4.5)"
    "faults.push('pale '+contrast(e).toFixed(1)+' '+e.outerHTML.slice(0,80));"
    "if(/^(a|button|summary)$/.test(n)&&!e.textContent.trim())faults.push('nameless '+n);}"
    "if(!document.documentElement.lang)faults.push('no language');"
    "parent.postMessage({faults:faults},'*');},500);</script>";

/* Frames every page at its width; ends with what they told. */
static const char frame_head[] =
    "<!DOCTYPE html><meta charset=utf-8><body><script>"
    "var told={},count=0;window.onmessage=function(m){"
    "document.querySelectorAll('iframe').forEach(function(f){"
    "if(f.contentWindow===m.source){count++;told[f.title]=m.data.faults;}});"
    "};</script>\n";
static const char frame_tail[] =
    "<script>setInterval(function(){"
    "var frames=document.querySelectorAll('iframe').length;"
    "if(count<frames)return;var text='RESULT pages='+count;"
    "for(var n in told)told[n].forEach(function(f){text+=' || '+n+': '+f;});"
    "document.documentElement.textContent=text+' END';},200);</script></body>\n";

typedef struct {
    Site site;
    char *folder;
    GString *frames;
    GHashTable *posts; /* name of a sample -> PostId.value */
    char *style;
} Gallery;

static GString *replace (GString *text, const char *from, const char *to)
{
    g_string_replace (text, from, to, 0);
    return text;
}

/* Images of the post come from the server: they are put into the page itself. */
static void inline_images (Gallery *gallery, GString *page, const char *reader)
{
    const char *at;
    while ((at = strstr (page->str, "src=\"/p/")) != NULL) {
        at += strlen ("src=\"");
        g_autofree char *path = g_strndup (at, strcspn (at, "\""));
        g_autofree char *cookie = cookie_for (&gallery->site, reader);
        g_autofree char *answer = site_ask (&gallery->site, "GET", path, cookie, NULL);
        g_assert_cmpuint (status_of (answer), ==, 200);
        /* A picture of its size is enough to look at. */
        g_autofree char *from = g_strdup_printf ("src=\"%s\"", path);
        replace (page, from, "src=\"data:image/png;base64," CHART "\"");
    }
}

static void save (Gallery *gallery, const char *name, GString *page)
{
    g_autofree char *file = g_strdup_printf ("%s.html", name);
    g_autofree char *path = g_build_filename (gallery->folder, file, NULL);
    const char *head = strstr (page->str, "<head>");
    g_assert_nonnull (head);
    g_string_insert (page, head - page->str + (gssize)strlen ("<head>"), probe_head);
    const char *end = g_strrstr (page->str, "</body>");
    g_assert_nonnull (end);
    gssize at = end - page->str;
    g_string_insert (page, at, probe_tail);
    g_string_insert (page, at, probe_contrast);
    g_assert_true (g_file_set_contents (path, page->str, (gssize)page->len, NULL));
    for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
        g_string_append_printf (
            gallery->frames,
            "<iframe title=\"%s at %d\" src=\"%s\" style=\"width:%dpx;height:844px\"></iframe>\n",
            name, widths[i], file, widths[i]);
}

/* Replaces the link that begins like this. */
static void cut_link (GString *page, const char *begin, const char *by)
{
    const char *at = strstr (page->str, begin);
    g_assert_nonnull (at);
    gssize start = at - page->str;
    g_string_erase (page, start, (gssize)strcspn (at, ">") + 1);
    g_string_insert (page, start, by);
}

static void add_page (Gallery *gallery, const char *name, const char *reader, const char *path,
                      guint status)
{
    g_autofree char *answer = site_get (&gallery->site, reader, path);
    g_assert_cmpuint (status_of (answer), ==, status);
    g_autoptr (GString) page = g_string_new (body_of (answer));
    g_autofree char *style = g_strdup_printf ("<style>%s</style>", gallery->style);
    cut_link (page, "<link rel=\"stylesheet\" href=\"/static/style.css?v=", style);
    cut_link (page, "<link rel=\"icon\" href=\"/static/icon.svg?v=", "");
    inline_images (gallery, page, reader);
    save (gallery, name, page);
}

static void add_letter (Gallery *gallery, const char *name, const Notice *notice)
{
    World *world = gallery->site.world;
    g_autoptr (GError) error = NULL;
    g_autoptr (Letter) letter =
        letter_new (world->conf, world->templates, world->key, world->reader, notice, &error);
    g_assert_no_error (error);
    g_autoptr (Message) message = message_parse (letter->mail, NULL);
    g_autoptr (GString) page = g_string_new (message->html);
    replace (page, "src=\"cid:chart@x\"", "src=\"data:image/png;base64," CHART "\"");
    replace (page, "\r\n", "\n");
    save (gallery, name, page);
}

static void add_mail (Gallery *gallery, const char *name, NoticeKind kind, const char *sample)
{
    gint64 *post = g_hash_table_lookup (gallery->posts, sample);
    g_autoptr (GPtrArray) outbox = world_outbox (gallery->site.world);
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        if (notice->kind != kind || notice->post.value != *post ||
            g_str_equal (notice->address, "ida@example.test"))
            continue;
        add_letter (gallery, name, notice);
        return;
    }
    g_assert_not_reached();
}

typedef struct {
    PersonId person;
    PostId post;
    const char *kind;
} Queued;

static gboolean apply_queued (StoreTxn *txn, gpointer data, GError **error)
{
    const Queued *queued = data;
    if (queued->kind == NULL)
        return store_notice_add (txn, NOTICE_COMMENT, queued->post, queued->person,
                                 "finn@example.test", "follow", NULL, WORLD_NOW, NULL, error);
    return store_answer_add (txn, queued->person, "finn@example.test", queued->kind,
                             "A subject " WORD, FALSE, NULL, error);
}

/* A mail that the samples do not bring about: comments (kind NULL), or an answer of this kind. */
static void add_queued (Gallery *gallery, const char *name, const char *sample, const char *kind)
{
    gint64 *post = g_hash_table_lookup (gallery->posts, sample);
    Queued queued = {site_person (&gallery->site, "finn@example.test"), {*post}, kind};
    WORLD_WRITE (gallery->site.world, apply_queued, &queued);
    g_autoptr (GPtrArray) outbox = world_outbox (gallery->site.world);
    gint64 newest = 0;
    const Notice *found = NULL;
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        if (notice->id.value > newest) {
            newest = notice->id.value;
            found = notice;
        }
    }
    add_letter (gallery, name, found);
}

static char *address_in (const char *text)
{
    const char *start = strchr (text, '<');
    return start == NULL ? g_strdup (text) : g_strndup (start + 1, strcspn (start + 1, ">"));
}

static void send_sample (Gallery *gallery, const SampleMail *sample, guint number)
{
    g_autofree char *sender = address_in (sample->sender);
    g_autofree char *refers =
        sample->references == NULL
            ? g_strdup ("")
            : g_strdup_printf ("In-Reply-To: <%s@example.test>\r\n", sample->references);
    g_autofree char *mail = g_strdup_printf (
        "From: %s\r\nTo: %s\r\nCc: %s\r\nSubject: %s\r\nMessage-ID: <%s@example.test>\r\n"
        "Date: Fri, 21 Nov 2025 09:%02u:00 +0000\r\n%s%s\r\n%s\r\n",
        sample->sender, sample->to, sample->cc, sample->subject, sample->name, number, refers,
        sample->headers, sample->body);
    g_auto (Outcome) outcome =
        world_send (gallery->site.world, sender, "anna carl dora emil finn gina ida", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    gint64 *id = g_new (gint64, 1);
    *id = outcome.post.value;
    g_hash_table_insert (gallery->posts, (gpointer)sample->name, id);
}

static void add_post (Gallery *gallery, const char *name, const char *sample)
{
    gint64 *id = g_hash_table_lookup (gallery->posts, sample);
    g_autofree char *path = g_strdup_printf ("/p/%" G_GINT64_FORMAT, *id);
    add_page (gallery, name, "anna@example.test", path, 200);
}

static void fill (Gallery *gallery)
{
    Site *site = &gallery->site;
    add_page (gallery, "stream-empty", "anna@example.test", "/", 200);
    for (guint i = 0; i < G_N_ELEMENTS (sample_mails); i++)
        send_sample (gallery, &sample_mails[i], 10 + i);
    g_assert_true (flow_start (site->world->flow, NULL));
    for (guint i = 0; i < 300; i++) { /* until the index has them */
        const char *const words[] = {"minutes", NULL};
        g_autoptr (GPtrArray) found =
            store_search (site->world->reader, ADMIN, words, (PostId){0}, 10, NULL);
        if (found != NULL && found->len > 0)
            break;
        g_usleep (20 * 1000);
    }
    PersonId anna = site_person (site, "anna@example.test");
    gint64 *rates = g_hash_table_lookup (gallery->posts, "rates");
    g_autofree char *login = token_for (site, TOKEN_LOGIN, anna, 0, WORLD_NOW + 3600000);
    g_autofree char *mute = token_for (site, TOKEN_UNSUBSCRIBE, anna, *rates, 0);
    g_autofree char *author = token_for (
        site, TOKEN_AUTHOR, site_person (site, "gina@example.test"), *rates, WORLD_NOW + 3600000);
    g_autofree char *login_path = g_strdup_printf ("/login?key=%s", login);
    g_autofree char *mute_path = g_strdup_printf ("/unsubscribe?key=%s", mute);
    g_autofree char *author_path = g_strdup_printf ("/author?key=%s", author);
    add_page (gallery, "stream", "anna@example.test", "/", 200);
    add_page (gallery, "search", "anna@example.test", "/search?q=minutes", 200);
    add_page (gallery, "search-none", "anna@example.test", "/search?q=" WORD WORD, 200);
    add_page (gallery, "login", NULL, login_path, 200);
    add_page (gallery, "unsubscribe", NULL, mute_path, 200);
    add_page (gallery, "author", NULL, author_path, 200);
    add_page (gallery, "who", NULL, "/", 401);
    add_page (gallery, "missing", "anna@example.test", "/p/4711", 404);
    add_page (gallery, "bad", NULL, "/login?key=x", 400);
    for (guint i = 0; i < G_N_ELEMENTS (sample_mails); i++) {
        g_autofree char *name = g_strdup_printf ("post-%s", sample_mails[i].name);
        add_post (gallery, name, sample_mails[i].name);
    }
    static const char *const notices[] = {"rates",   "minutes", "chart",
                                          "private", "hostile", "outlook"};
    for (guint i = 0; i < G_N_ELEMENTS (notices); i++) {
        g_autofree char *name = g_strdup_printf ("notice-%s", notices[i]);
        add_mail (gallery, name, NOTICE_POST, notices[i]);
    }
    add_mail (gallery, "receipt", NOTICE_RECEIPT, "rates");
    add_queued (gallery, "comments", "rates-2", NULL);
    static const char *const answers[] = {"help", "not-you", "bounce", "alerts"};
    for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
        add_queued (gallery, answers[i], "rates", answers[i]);
}

static Gallery gallery_new (const char *settings, const char *folder)
{
    Gallery gallery = {.site = site_new (settings), .folder = g_strdup (folder)};
    const char *type;
    g_autoptr (GBytes) style = tpl_static ("style.css", &type);
    gallery.style = g_strndup (g_bytes_get_data (style, NULL), g_bytes_get_size (style));
    gallery.frames = g_string_new (frame_head);
    gallery.posts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
    fill (&gallery);
    g_string_append (gallery.frames, frame_tail);
    g_autofree char *path = g_build_filename (folder, "frames.html", NULL);
    g_assert_true (g_file_set_contents (path, gallery.frames->str, -1, NULL));
    return gallery;
}

static void gallery_clear (Gallery *gallery)
{
    site_clear (&gallery->site);
    g_hash_table_unref (gallery->posts);
    g_string_free (gallery->frames, TRUE);
    g_free (gallery->style);
    g_free (gallery->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gallery, gallery_clear)

/* What the framing page says in the end. Owned. */
static char *judge (const char *folder, const char *scheme)
{
    g_autofree char *profile = g_strdup_printf ("--user-data-dir=%s/profile", folder);
    g_autofree char *page = g_strdup_printf ("file://%s/frames.html", folder);
    g_autofree char *blink = g_strdup_printf ("--blink-settings=preferredColorScheme=%s", scheme);
    char *argv[] = {(char *)"chromium",
                    (char *)"--headless",
                    (char *)"--no-sandbox",
                    (char *)"--disable-gpu",
                    (char *)"--disable-quic",
                    (char *)"--no-first-run",
                    (char *)"--disable-background-networking",
                    (char *)"--disable-component-update",
                    (char *)"--disable-sync",
                    (char *)"--host-resolver-rules=MAP * 127.0.0.1:9",
                    (char *)"--virtual-time-budget=60000",
                    (char *)"--window-size=1400,900",
                    blink,
                    profile,
                    (char *)"--dump-dom",
                    page,
                    NULL};
    g_autoptr (GError) error = NULL;
    char *output = NULL;
    gint status = 0;
    g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                  &output, NULL, &status, &error);
    g_assert_no_error (error);
    g_assert_cmpint (status, ==, 0);
    return output;
}

static void check (const char *settings, const char *scheme)
{
    const char *kept = g_getenv ("CARBONLESS_PAGES");
    g_autofree char *folder =
        kept != NULL ? g_build_filename (kept, strstr (settings, "nl") ? "nl" : "en", NULL)
                     : g_dir_make_tmp ("pages-XXXXXX", NULL);
    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    g_auto (Gallery) gallery = gallery_new (settings, folder);
    g_autofree char *told = judge (folder, scheme);
    g_autofree char *expected =
        g_strdup_printf ("RESULT pages=%u END",
                         (guint)((10 + G_N_ELEMENTS (sample_mails) + 12) * G_N_ELEMENTS (widths)));
    if (strstr (told, expected) == NULL) {
        g_auto (GStrv) faults = g_strsplit (told, " || ", 60);
        for (char **fault = faults; *fault != NULL; fault++)
            g_test_message ("%.300s", *fault);
        g_test_fail(); /* and go on: the other language may tell more */
    }
    if (kept == NULL)
        world_remove (folder);
}

static void test_english (void)
{
    check ("language = \"en\"", "1");
}

static void test_dutch (void)
{
    check ("language = \"nl\"", "0");
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_autofree char *chromium = g_find_program_in_path ("chromium");
    if (chromium == NULL)
        return 77;
    g_test_add_func ("/web/pages/english-light", test_english);
    g_test_add_func ("/web/pages/dutch-dark", test_dutch);
    return g_test_run();
}
