/* cmd_decode.h - `carbonless decode FILE`: what the program reads in one message, as JSON. */
#ifndef CMD_DECODE_H
#define CMD_DECODE_H

/* Exit status: 0, or 2 with one line on standard error. */
int cmd_decode (int argc, char **argv);

#endif
