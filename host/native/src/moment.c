/* moment.c - reading the clock, and learning the rate of ticks. */
#include "moment.h"

/* A clock that took longer to read was interrupted: its time does not belong to the ticks. */
#define READING_TICKS_MAX 4096u
/* The rate is first learned over so many ticks, some milliseconds, and again over longer ones. */
#define LEARN_TICKS (UINT64_C(1) << 24)
#define LEARN_TICKS_ENOUGH (UINT64_C(1) << 36)
/* A rate that is too low by 1/2^15 never runs ahead of the clock: times do not go back. */
#define SAFETY_SHIFT 15

/* The rate since the first reading; 0 when it cannot be told. */
static uint64_t rate_since(const moment *m, uint64_t ticks, uint64_t ns) {
  uint64_t passed_ticks = ticks - m->first_ticks;
  uint64_t passed_ns = ns - m->first_ns;
  if (passed_ticks == 0 || passed_ticks >> 63 != 0 || passed_ns >> 63 != 0) {
    return 0;
  }
  double rate = (double)passed_ns / (double)passed_ticks / 1000.0 * 18446744073709551616.0;
  rate -= rate / (1 << SAFETY_SHIFT);
  return rate >= 1.0 && rate < 9e18 ? (uint64_t)rate : 0; /* two ticks a microsecond at least */
}

/* Whether the rate is known over too short a time by now. */
static bool wants_learning(const moment *m, uint64_t ticks) {
  uint64_t passed = ticks - m->first_ticks;
  return m->first_ns == 0 || (m->learned_ticks < LEARN_TICKS_ENOUGH && passed >= LEARN_TICKS &&
                              passed / 16 >= m->learned_ticks);
}

/*
 * Begins to learn the rate, or learns it. The caller has made `sequence` odd. Here and below the
 * clock belongs to some moment between two readings of the ticks; of these the one is taken that
 * leaves the time behind the clock rather than ahead of it.
 */
static void learn(moment *m) {
  uint64_t before = platform_ticks();
  uint64_t ns = platform_monotonic_ns();
  uint64_t after = platform_ticks();
  if (after - before > READING_TICKS_MAX) {
    return;
  }
  if (m->first_ns == 0) {
    m->first_ticks = before;
    m->first_ns = ns;
    return;
  }
  uint64_t rate = rate_since(m, after, ns);
  if (rate != 0) {
    store_release(&m->rate, rate);
    m->learned_ticks = after - m->first_ticks;
  }
}

int64_t moment_read_clock(moment *m) {
  uint64_t before = platform_ticks();
  int64_t time_us = platform_time_us();
  uint64_t after = platform_ticks();
  uint64_t sequence = load_acquire(&m->sequence);
  if (after - before > READING_TICKS_MAX || sequence % 2 != 0 ||
      !swap_if(&m->sequence, sequence, sequence + 1)) {
    return time_us;
  }
  store_release(&m->ticks, after);
  store_time_release(&m->time_us, time_us);
  if (wants_learning(m, after)) {
    learn(m);
  }
  store_release(&m->sequence, sequence + 2);
  return time_us;
}
