/* ref.h - counts references with C11 atomics, which thread checkers understand. */
#ifndef REF_H
#define REF_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    atomic_int count;
} Ref;

static inline void ref_init (Ref *ref)
{
    atomic_init (&ref->count, 1);
}

static inline void ref_take (Ref *ref)
{
    atomic_fetch_add_explicit (&ref->count, 1, memory_order_relaxed);
}

/* TRUE when this was the last reference: the caller frees the object. */
static inline bool ref_drop (Ref *ref)
{
    return atomic_fetch_sub_explicit (&ref->count, 1, memory_order_acq_rel) == 1;
}

#endif
