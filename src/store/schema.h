/* schema.h - the migrations of schema/, embedded by the build in order of their numbers. */
#ifndef SCHEMA_H
#define SCHEMA_H

#define SCHEMA_COUNT 5

/* schema_texts[n] leads from version n to n + 1. */
extern const char *const schema_texts[SCHEMA_COUNT];

#endif
