/*
 * moment.h - the time of an event from the processor's tick counter.
 *
 * Reading the system's clock takes as long as half of all else in a callout, and the callout reads
 * the ticks anyway. So the clock is read again when MOMENT_TICKS_MAX ticks have passed (one to four
 * milliseconds); until then the ticks since the last reading count, at a rate learned against the
 * monotonic clock. A clock that is set, and ticks that stop, jump or differ between processors, make
 * a time wrong by no more than that span. Otherwise it is at most 5 microseconds behind the clock,
 * and never ahead of it.
 */
#ifndef ONHOOK_MOMENT_H
#define ONHOOK_MOMENT_H

#include "atomic.h"
#include "platform.h"

#define MOMENT_TICKS_MAX (UINT64_C(1) << 22)

/* One reading of the clock, written by whoever makes `sequence` odd. All fields are atomic. */
typedef struct moment {
  _Alignas(64) uint64_t sequence; /* odd while the rest is written; 0: nothing has been */
  uint64_t ticks;
  int64_t time_us;
  uint64_t rate; /* microseconds a tick, in 1/2^64; 0: not known */
  /* Where the rate is learned from. Belongs to whoever has made `sequence` odd. */
  uint64_t first_ticks;
  uint64_t first_ns; /* 0: not begun */
  uint64_t learned_ticks; /* over how many the rate was learned */
} moment;

static inline uint64_t moment_high_product(uint64_t x, uint64_t y) {
  __extension__ typedef unsigned __int128 product_type;
  return (uint64_t)(((product_type)x * y) >> 64);
}

/* The time at `ticks`, from the last reading; false when that does not reach so far. */
static inline bool moment_from_last(const moment *m, uint64_t ticks, int64_t *time_us) {
  uint64_t sequence = load_acquire(&m->sequence);
  uint64_t passed = ticks - load_acquire(&m->ticks); /* huge for ticks before the reading */
  uint64_t time = (uint64_t)load_time_acquire(&m->time_us);
  uint64_t rate = load_acquire(&m->rate);
  *time_us = (int64_t)(time + moment_high_product(passed, rate));
  return passed < MOMENT_TICKS_MAX && rate != 0 && sequence % 2 == 0 &&
         load_relaxed(&m->sequence) == sequence;
}

/* Reads the clock, and keeps the reading for the others when nothing came between. */
int64_t moment_read_clock(moment *m);

/* The time at `ticks`, which have just been read. Safe on any thread, never waits. */
static inline int64_t moment_time_us(moment *m, uint64_t ticks) {
  int64_t time_us;
  return moment_from_last(m, ticks, &time_us) ? time_us : moment_read_clock(m);
}

#endif
