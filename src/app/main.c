/* main.c - where the program begins. */
#include <stdio.h>

int main (void)
{
    puts ("carbonless " CARBONLESS_VERSION);
    return 0;
}
