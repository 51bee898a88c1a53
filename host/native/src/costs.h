/* costs.h - what a callout took, recorded by itself in the journal's header. */
#ifndef ONHOOK_COSTS_H
#define ONHOOK_COSTS_H

#include "ring.h"

/* Durations of [2^e * (1 + s/2), 2^e * (1 + (s+1)/2)) ticks, as bucket 2*e + s. */
static inline unsigned costs_bucket(uint64_t ticks) {
  if (ticks < 2) {
    return 0;
  }
  unsigned exponent = 63u - (unsigned)__builtin_clzll(ticks);
  unsigned half = (unsigned)(ticks >> (exponent - 1)) & 1u;
  unsigned bucket = 2 * exponent + half;
  return bucket < JOURNAL_BUCKETS ? bucket : JOURNAL_BUCKETS - 1;
}

/* The first duration in ticks that is too long for a bucket. */
static inline uint64_t costs_bucket_end(unsigned bucket) {
  uint64_t octave = UINT64_C(1) << (bucket / 2);
  return octave + (bucket % 2 == 0 ? (octave + 1) / 2 : octave);
}

/*
 * The stripe of the calling thread, from where its stack is: no thread-local storage, which a
 * library loaded late would have to allocate. Two threads may share one,
 * which makes them slower and nothing else.
 */
static inline unsigned costs_stripe(const void *on_stack) {
  uint64_t place = (uint64_t)(uintptr_t)on_stack >> 16;
  return (unsigned)((place * UINT64_C(0x9E3779B97F4A7C15)) >> 58);
}

/* A callout from `start` to `end` in ticks, which are not the same on every processor: a thread that
   has moved in between may see them go back. */
static inline void costs_add(const journal *j, unsigned stripe, uint64_t start, uint64_t end) {
  journal_stripe *s = &j->header->stripe[stripe];
  uint64_t ticks = end > start ? end - start : 0;
  add_relaxed(&s->bucket[costs_bucket(ticks)], 1);
  add_relaxed(&s->ticks_total, ticks);
  raise_relaxed(&s->ticks_max, ticks);
}

_Static_assert(JOURNAL_STRIPES == 64, "costs_stripe gives 6 bits");

#endif
