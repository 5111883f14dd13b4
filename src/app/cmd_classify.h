/* cmd_classify.h - `carbonless classify FILE`: what kind of mail a message is, as JSON. */
#ifndef CMD_CLASSIFY_H
#define CMD_CLASSIFY_H

/* Exit status: 0, or 2 with one line on standard error. */
int cmd_classify (int argc, char **argv);

#endif
