/* release.c - "Commit" of include/journal.h. */
#include <string.h>

#include "hooks.h"
#include "reader.h"

/* Words are cleared as words: whoever was held up since before may still look at one. */
static void clear(const journal *j, uint64_t from, uint64_t to) {
  for (uint64_t at = from; at < to; at += UNIT) {
    store_release(ring_word(j, at), 0);
    memset(ring_at(j, at) + 8, 0, JOURNAL_UNIT_BYTES - 8);
    if (at == from) {
      ONHOOK_HOOK(HOOK_RELEASE_HALF);
    }
  }
  if (from / j->capacity != to / j->capacity) {
    memset(j->ring + j->capacity, 0, JOURNAL_SLACK_BYTES);
  }
}

void release_records(const journal *j, uint64_t from, uint64_t to) {
  journal_header *h = j->header;
  store_seq(&h->release, to);
  ONHOOK_HOOK(HOOK_RELEASE_NOTED);
  clear(j, from, to);
  ONHOOK_HOOK(HOOK_RELEASE_CLEARED);
  store_seq(&h->head, to);
  ONHOOK_HOOK(HOOK_RELEASED);
}

/* Places begin and end at multiples of it, as the ring does: whole pages, however large. */
#define FORGET_UNIT UINT64_C(65536)
#define FORGET_RELEASED UINT64_C(262144)
#define FORGET_DRAINED UINT64_C(4194304)

_Static_assert(JOURNAL_HEADER_BYTES % FORGET_UNIT == 0 && ONHOOK_CAPACITY_MIN % FORGET_UNIT == 0,
               "the ring begins and ends with a unit");

/* One call at most, for `least` bytes at least; what goes on at the ring's start waits for the
   next. Never the unit that `to` is in, which is in use. */
static void forget(const journal *j, uint64_t *done, uint64_t to, uint64_t least) {
  uint64_t end = to / FORGET_UNIT * FORGET_UNIT;
  uint64_t lap_ago = end + FORGET_UNIT > j->capacity ? end + FORGET_UNIT - j->capacity : 0;
  uint64_t from = *done > lap_ago ? *done : lap_ago;
  if (end < from + least) {
    return;
  }
  uint64_t ring_end = (from / j->capacity + 1) * j->capacity;
  end = end < ring_end ? end : ring_end;
  platform_forget(ring_at(j, from), end - from);
  *done = end;
}

void reader_forget_released(onhook_reader *r) {
  forget(&r->journal, &r->forgotten, load_acquire(&r->head), FORGET_RELEASED);
}

void reader_forget_drained(onhook_reader *r) {
  uint64_t head = load_acquire(&r->head) / FORGET_UNIT * FORGET_UNIT;
  r->forgotten_drained = r->forgotten_drained > head ? r->forgotten_drained : head;
  forget(&r->journal, &r->forgotten_drained, r->position, FORGET_DRAINED);
}

static void acknowledge(onhook_reader *r, uint64_t lost_total) {
  journal_header *h = r->journal.header;
  if (lost_total == r->reported.total) {
    for (int i = 0; i < JOURNAL_REASONS; i++) {
      store_release(&h->acknowledged.reason[i], r->reported.reason[i]);
    }
    store_release(&h->acknowledged.inexact, r->reported.inexact);
    store_time(&h->acknowledged_last_us, r->reported_last_us);
  }
  store_release(&h->acknowledged.total, lost_total);
  r->acknowledged_total = lost_total;
}

int32_t onhook_reader_commit(onhook_reader *r, uint64_t position, uint64_t lost_total) {
  error e;
  if (r == NULL || r->magic != READER_MAGIC) {
    error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0,
              "Cannot commit: the reader is null or closed, an open reader is wanted");
    return error_publish(&e);
  }
  uint64_t head = load_acquire(&r->head);
  uint64_t drained = load_acquire(&r->position);
  if (position < head || position > drained || position % UNIT != 0 ||
      lost_total < r->acknowledged_total || lost_total > r->reported.total) {
    error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0,
              "Cannot commit: position %llu and lost total %llu are given, what a drain returned "
              "is wanted (position %llu to %llu, lost total %llu to %llu)",
              (unsigned long long)position, (unsigned long long)lost_total,
              (unsigned long long)head, (unsigned long long)drained,
              (unsigned long long)r->acknowledged_total, (unsigned long long)r->reported.total);
    return error_publish(&e);
  }
  if (position > head) {
    release_records(&r->journal, head, position);
    store_release(&r->head, position);
    reader_forget_released(r);
  }
  if (lost_total > r->acknowledged_total) {
    acknowledge(r, lost_total);
  }
  return ONHOOK_OK;
}
