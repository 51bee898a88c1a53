/* statistics.c - what the header says, with ticks turned into nanoseconds. */
#include <string.h>

#include "costs.h"
#include "reader.h"

/* Below this the rate of ticks is not known well enough. */
#define CALIBRATION_NS UINT64_C(2000000)

/* Nanoseconds per tick, learned since the reader was opened. */
static double learn_rate(const onhook_reader *r) {
  uint64_t passed = platform_monotonic_ns() - r->opened_ns;
  if (passed < CALIBRATION_NS) {
    platform_sleep_ms(2);
  }
  uint64_t ticks = platform_ticks() - r->opened_ticks;
  uint64_t ns = platform_monotonic_ns() - r->opened_ns;
  return ticks == 0 || ticks >> 63 != 0 ? 1.0 : (double)ns / (double)ticks;
}

static uint64_t to_ns(uint64_t ticks, double rate) {
  double ns = (double)ticks * rate;
  return ns < 9e18 ? (uint64_t)ns : UINT64_C(9000000000000000000);
}

static void fill_costs(const journal_header *h, double rate, onhook_statistics *out) {
  uint64_t total = 0;
  uint64_t longest = 0;
  for (int i = 0; i < JOURNAL_STRIPES; i++) {
    const journal_stripe *stripe = &h->stripe[i];
    total += load_relaxed(&stripe->ticks_total);
    uint64_t max = load_relaxed(&stripe->ticks_max);
    longest = max > longest ? max : longest;
    for (unsigned b = 0; b < JOURNAL_BUCKETS; b++) {
      uint64_t count = load_relaxed(&stripe->bucket[b]);
      out->bucket_count[b] += count;
      out->callouts_total += count;
    }
  }
  out->callout_ns_total = to_ns(total, rate);
  out->callout_ns_max = to_ns(longest, rate);
  for (unsigned b = 0; b < JOURNAL_BUCKETS; b++) {
    out->bucket_upper_ns[b] = to_ns(costs_bucket_end(b), rate);
  }
  uint64_t *last = &out->bucket_upper_ns[JOURNAL_BUCKETS - 1];
  *last = *last > out->callout_ns_max ? *last : out->callout_ns_max + 1;
}

int32_t onhook_reader_statistics(onhook_reader *r, onhook_statistics *out) {
  if (r == NULL || r->magic != READER_MAGIC || out == NULL) {
    error e;
    error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0,
              "Cannot read the statistics: the reader or the result is null or closed, both are "
              "wanted");
    return error_publish(&e);
  }
  const journal_header *h = r->journal.header;
  *out = (onhook_statistics){.capacity_bytes = r->journal.capacity,
                             .head_position = load_acquire(&r->head),
                             .tail_position = load_acquire(&h->tail),
                             .lost_acknowledged = load_acquire(&h->acknowledged.total),
                             .lost_total = load_acquire(&h->lost.total),
                             .torn_total = load_acquire(&h->lost.reason[LOST_WRITER_DIED]),
                             .damaged_total = load_acquire(&h->lost.reason[LOST_DAMAGED]),
                             .service_starts = load_acquire(&h->service_starts),
                             .last_service_start_us =
                                 (uint64_t)load_time(&h->last_service_start_us),
                             .reader_pid = load32_seq(&h->reader_pid),
                             .last_writer_pid = load32_seq(&h->last_writer_pid)};
  memcpy(out->journal_id, r->journal.identity.journal_id, sizeof out->journal_id);
  fill_costs(h, learn_rate(r), out);
  return ONHOOK_OK;
}
