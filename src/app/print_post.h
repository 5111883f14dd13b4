/* print_post.h - posts on the terminal and as JSON, for the commands that show them. */
#ifndef PRINT_POST_H
#define PRINT_POST_H

#include "json.h"
#include "posts.h"

/* One line: number, date, author, subject. */
void print_post_line (const Post *post);
/* The fields of a post into the open object of `json`. */
void print_post_json (const Post *post, Json *json);
/* A list, as lines or as a JSON array. */
void print_posts (const GPtrArray *posts, gboolean as_json);

#endif
