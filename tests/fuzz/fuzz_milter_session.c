/* fuzz_milter_session.c - whatever a peer sends, the milter session neither crashes nor leaks. */
#include <stdint.h>

#include "milter_session.h"
#include "session_fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    session_fuzz (&milter_protocol, data, size);
    return 0;
}
