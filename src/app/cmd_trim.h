/* cmd_trim.h - `carbonless trim FILE`: what remains of an answer when quotes are cut. */
#ifndef CMD_TRIM_H
#define CMD_TRIM_H

/* Exit status: 0, or 2 with one line on standard error. */
int cmd_trim (int argc, char **argv);

#endif
