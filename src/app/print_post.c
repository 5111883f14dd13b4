/* print_post.c - see print_post.h. */
#include "print_post.h"

#include <stdio.h>

#include "cli.h"
#include "print_list.h"

void print_post_line (const Post *post)
{
    g_autofree char *date = cli_time (post->sent_ms);
    const char *who = *post->author_name != '\0' ? post->author_name : post->author_address;
    cli_print ("%6" G_GINT64_FORMAT "  %s  %-24s %s%s", post->id.value, date, who,
               post->visibility == POST_RECIPIENTS ? "(recipients only) " : "", post->subject);
    if (post->comments > 0)
        cli_print ("  [%u]", post->comments);
    putchar ('\n');
}

void print_post_json (const Post *post, Json *json)
{
    json_int (json, "post", post->id.value);
    json_int (json, "thread", post->thread.value);
    if (post->parent.value != 0)
        json_int (json, "parent", post->parent.value);
    json_text (json, "message_id", post->message_id);
    json_text (json, "queue_id", post->queue_id);
    json_text (json, "author", post->author_address);
    json_text (json, "author_name", post->author_name);
    json_text (json, "subject", post->subject);
    json_int (json, "sent_ms", post->sent_ms);
    json_int (json, "received_ms", post->received_ms);
    json_int (json, "comments", post->comments);
    json_int (json, "attachments", post->attachments);
    json_text (json, "visibility", post->visibility == POST_EVERYONE ? "everyone" : "recipients");
    json_open_array (json, "topics");
    for (guint i = 0; post->topics != NULL && i < post->topics->len; i++)
        json_text (json, NULL, post->topics->pdata[i]);
    json_close (json);
    json_text (json, "preview", post->preview);
}

static void print_line (gconstpointer post)
{
    print_post_line (post);
}

static void add_json (gconstpointer post, Json *json)
{
    print_post_json (post, json);
}

static const Listing listing = {print_line, add_json};

void print_posts (const GPtrArray *posts, gboolean as_json)
{
    print_list (posts, as_json, &listing);
}
