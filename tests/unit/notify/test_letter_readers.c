/* test_letter_readers.c - whom a notice names of a message to a whole company. */
#include "letter.h"
#include "message.h"
#include "world.h"

/* A message to Anna, and to so many others in Cc; what Anna's notice says. */
static Message *notice_with (World *world, guint others)
{
    g_autoptr (GString) cc =
        g_string_new ("bob@example.test, carl@example.test, dora@example.test");
    g_autoptr (GError) error = NULL;
    for (guint i = 3; i < others; i++)
        g_string_append_printf (cc, ",\r\n person%u@example.test", i);
    g_autofree char *mail =
        mail_new ("crowd@example.test", "anna@example.test", cc->str, "To all", NULL, "Hello all.");
    g_auto (Outcome) outcome =
        world_send (world, "gina@example.test", "anna bob carl dora emil", mail);
    g_assert_cmpint (outcome.kind, ==, FLOW_TAKEN);
    g_autoptr (GPtrArray) outbox = world_outbox (world);
    for (guint i = 0; i < outbox->len; i++) {
        const Notice *notice = outbox->pdata[i];
        if (notice->kind != NOTICE_POST || strcmp (notice->address, "anna@example.test") != 0)
            continue;
        g_autoptr (Letter) letter =
            letter_new (world->conf, world->templates, world->key, world->reader, notice, &error);
        g_assert_no_error (error);
        return message_parse (letter->mail, NULL);
    }
    g_assert_not_reached();
}

static void test_crowd (void)
{
    static const struct {
        guint others;
        const char *more; /* NULL: all are named */
    } cases[] = {{4, NULL}, {30, NULL}, {31, "and 1 more"}, {400, "and 370 more"}};
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autoptr (World) world = world_new (NULL);
        g_autoptr (Message) notice = notice_with (world, cases[i].others);
        const char *const parts[] = {notice->text, notice->html};
        g_autofree char *last = g_strdup_printf ("person%u@", cases[i].others - 1);
        for (guint k = 0; k < G_N_ELEMENTS (parts); k++) {
            gboolean has_more = strstr (parts[k], " more\n") != NULL;
            g_assert_cmpint (has_more, ==, cases[i].more != NULL);
            if (cases[i].more != NULL)
                g_assert_nonnull (strstr (parts[k], cases[i].more));
            g_assert_cmpint (strstr (parts[k], last) != NULL, ==, cases[i].more == NULL);
            g_assert_nonnull (strstr (parts[k], "bob@"));
        }
    }
}

int main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/notify/letter/a-crowd-is-a-number", test_crowd);
    return g_test_run();
}
