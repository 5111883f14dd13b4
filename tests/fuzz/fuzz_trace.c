/* fuzz_trace.c - the queue id on top of a message. */
#include <stdint.h>
#include <string.h>

#include "trace.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    g_autoptr (GBytes) raw = g_bytes_new (data, size);
    g_autofree char *id = trace_queue_id (raw);
    g_assert_true (id == NULL || strlen (id) <= 64);
    return 0;
}
