/* fuzz_lmtp_session.c - whatever a peer sends, the lmtp session neither crashes nor leaks. */
#include <stdint.h>

#include "lmtp_session.h"
#include "session_fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    session_fuzz (&lmtp_protocol, data, size);
    return 0;
}
