/* reader.c - opening, waiting, statistics and closing; drain.c and release.c do the rest. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "journal_file.h"

/* How often a sleeping reader looks by itself, should a writer have died before waking it. */
#define LOOK_AGAIN_MS 500u
/* How often it looks at a claim that is not finished. */
#define CLAIM_LOOK_MS 20u
/* How often it looks when nobody can wake it. */
#define POLL_MS 5u
#define WATCH_STEP_NS_MAX UINT64_C(250000000)

static int32_t refuse(const char *text) {
  error e;
  error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0, "%s", text);
  return error_publish(&e);
}

static bool is_open(const onhook_reader *r) { return r != NULL && r->magic == READER_MAGIC; }

uint32_t onhook_abi_version(void) { return ONHOOK_ABI_VERSION; }

/* The journal is open and locked: take over where the reader before stopped. */
static void take_over(onhook_reader *r) {
  journal_header *h = r->journal.header;
  store32_seq(&h->asleep, 0);
  if (r->journal.release > r->journal.head) {
    release_records(&r->journal, r->journal.head, r->journal.release);
  }
  r->head = r->journal.release;
  r->position = r->journal.release;
  r->forgotten = r->journal.head / JOURNAL_HEADER_BYTES * JOURNAL_HEADER_BYTES;
  reader_forget_released(r);
  r->reported.total = load_acquire(&h->acknowledged.total);
  for (int i = 0; i < JOURNAL_REASONS; i++) {
    r->reported.reason[i] = load_acquire(&h->acknowledged.reason[i]);
  }
  r->reported.inexact = load_acquire(&h->acknowledged.inexact);
  r->reported_last_us = load_time(&h->acknowledged_last_us);
  r->acknowledged_total = r->reported.total;
  r->opened_ticks = platform_ticks();
  r->opened_ns = platform_monotonic_ns();
  store32_seq(&h->reader_pid, platform_process_id());
}

int32_t onhook_reader_open(const char *path, uint64_t capacity, onhook_reader **out) {
  error e;
  if (out == NULL) {
    return refuse("Cannot open the journal: no place for the reader is given, one is wanted");
  }
  *out = NULL;
  if (path == NULL || path[0] == '\0' || memchr(path, '\0', 4001) == NULL) {
    return refuse("Cannot open the journal: the path is missing, empty or too long, 1 to 4000 "
                  "bytes are wanted");
  }
  if (capacity != 0 && !journal_capacity_is_valid(capacity)) {
    error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0,
              "Cannot open the journal \"%s\": a capacity of %llu bytes is given, a power of two "
              "from 65536 to 1073741824 or 0 is wanted",
              path, (unsigned long long)capacity);
    return error_publish(&e);
  }
  onhook_reader *r = calloc(1, sizeof *r);
  if (r == NULL) {
    error_set(&e, ONHOOK_NO_MEMORY, 0, 0,
              "Cannot open the journal \"%s\": no memory, %zu bytes are wanted", path, sizeof *r);
    return error_publish(&e);
  }
  int32_t code = journal_open(path, capacity == 0 ? ONHOOK_CAPACITY_DEFAULT : capacity,
                              ROLE_READER, &r->journal, &e);
  if (code != ONHOOK_OK) {
    free(r);
    return error_publish(&e);
  }
  take_over(r);
  r->magic = READER_MAGIC;
  *out = r;
  return ONHOOK_OK;
}

bool reader_has_losses(const onhook_reader *r) {
  return load_seq(&r->journal.header->lost.total) > r->reported.total;
}

bool reader_is_at_losses(const onhook_reader *r) {
  uint64_t place = load_acquire(&r->journal.header->lost_position);
  return r->position >= place || place > load_acquire(&r->journal.header->tail);
}

bool reader_reach(onhook_reader *r, uint64_t end) {
  if (end <= r->tail_seen) {
    return true;
  }
  uint64_t tail = r->position;
  if (swap_or_see(&r->journal.header->tail, &tail, end)) {
    tail = end;
  }
  if (!reader_tail_is_ahead(r, tail, load_acquire(&r->head) + r->journal.capacity)) {
    return true;
  }
  r->tail_seen = tail;
  return end <= tail;
}

bool reader_claim_has_expired(onhook_reader *r, uint64_t word) {
  claim_watch *w = &r->watch;
  uint64_t now = platform_monotonic_ns();
  if (w->word != word) {
    *w = (claim_watch){.word = word, .last_ns = now};
    return false;
  }
  uint64_t step = now - w->last_ns;
  w->observed_ns += step < WATCH_STEP_NS_MAX ? step : WATCH_STEP_NS_MAX;
  w->last_ns = now;
  return w->observed_ns >= ONHOOK_CLAIM_TIMEOUT_MS * UINT64_C(1000000);
}

bool reader_sees_changed_identity(const onhook_reader *r) {
  const journal *j = &r->journal;
  return memcmp(&j->header->identity, &j->identity, sizeof j->identity) != 0;
}

look_result reader_look(onhook_reader *r) {
  const journal *j = &r->journal;
  uint64_t limit = load_acquire(&r->head) + j->capacity;
  bool lost = reader_has_losses(r);
  if ((lost && reader_is_at_losses(r)) || reader_sees_changed_identity(r)) {
    return LOOK_READY;
  }
  if (r->position >= limit) {
    return lost ? LOOK_READY : LOOK_END;
  }
  uint64_t word = load_seq(ring_word(j, r->position));
  if (word == 0) {
    uint64_t tail = load_seq(&j->header->tail);
    if (tail == r->position) {
      return lost ? LOOK_READY : LOOK_END;
    }
    if (reader_tail_is_ahead(r, tail, limit)) {
      return reader_claim_has_expired(r, watch_of_unmarked(r->position)) ? LOOK_READY
                                                                        : LOOK_CLAIMED;
    }
  }
  if (word_is_valid(word, r->position, limit) &&
      (word_state(word) == WORD_CLAIMED ||
       !reader_reach(r, r->position + word_bytes(word)))) {
    return reader_claim_has_expired(r, word) ? LOOK_READY : LOOK_CLAIMED;
  }
  return LOOK_READY;
}

/* Sleeps once, for `ms` at most, unless there is something by now. */
static void sleep_once(onhook_reader *r, uint32_t ms) {
  uint32_t *asleep = &r->journal.header->asleep;
  exchange32(asleep, 1); /* a full fence: what is published after it wakes us */
  if (load32_seq(&r->interrupted) == 0 && reader_look(r) != LOOK_READY) {
    platform_wake_wait(&r->journal.wake, ms);
  }
  exchange32(asleep, 0);
}

static int32_t wake_state(const onhook_reader *r) {
  if (!platform_wake_works(&r->journal.wake)) {
    return ONHOOK_WAKE_NOT_HERE;
  }
  return load32_seq(&r->journal.header->cannot_wake) != 0 ? ONHOOK_WAKE_NOT_THERE
                                                          : ONHOOK_WAKE_BY_EVENT;
}

/* How long to sleep at a time. */
static uint32_t look_again_ms(const onhook_reader *r, look_result seen) {
  if (wake_state(r) != ONHOOK_WAKE_BY_EVENT) {
    return POLL_MS;
  }
  return seen == LOOK_CLAIMED ? CLAIM_LOOK_MS : LOOK_AGAIN_MS;
}

static int32_t wait_until(onhook_reader *r, uint32_t timeout_ms) {
  uint64_t start = platform_monotonic_ns();
  for (;;) {
    if (exchange32(&r->interrupted, 0) != 0) {
      return ONHOOK_INTERRUPTED;
    }
    look_result seen = reader_look(r);
    if (seen == LOOK_READY) {
      return ONHOOK_OK;
    }
    uint64_t passed_ms = (platform_monotonic_ns() - start) / 1000000;
    if (timeout_ms != ONHOOK_WAIT_FOREVER && passed_ms >= timeout_ms) {
      return ONHOOK_TIMEOUT;
    }
    uint32_t ms = look_again_ms(r, seen);
    if (timeout_ms != ONHOOK_WAIT_FOREVER && timeout_ms - passed_ms < ms) {
      ms = (uint32_t)(timeout_ms - passed_ms);
    }
    sleep_once(r, ms);
  }
}

int32_t onhook_reader_wait(onhook_reader *r, uint32_t timeout_ms) {
  if (!is_open(r)) {
    return refuse("Cannot wait: the reader is null or closed, an open reader is wanted");
  }
  if (!swap32_if(&r->busy, 0, 1)) {
    return refuse("Cannot wait: another wait or drain is running, one at a time is wanted");
  }
  int32_t code = wait_until(r, timeout_ms);
  exchange32(&r->busy, 0);
  return code;
}

int32_t onhook_reader_wake_state(onhook_reader *r) {
  if (!is_open(r)) {
    return refuse("Cannot tell how the reader is woken: it is null or closed, an open reader is "
                  "wanted");
  }
  return wake_state(r);
}

int32_t onhook_reader_interrupt(onhook_reader *r) {
  if (!is_open(r)) {
    return refuse("Cannot interrupt: the reader is null or closed, an open reader is wanted");
  }
  exchange32(&r->interrupted, 1);
  if (exchange32(&r->journal.header->asleep, 0) == 1) {
    platform_wake_up(&r->journal.wake);
  }
  return ONHOOK_OK;
}

int32_t onhook_reader_close(onhook_reader *r) {
  if (!is_open(r)) {
    return refuse("Cannot close the reader: it is null or closed, an open reader is wanted");
  }
  if (!swap32_if(&r->busy, 0, 1)) {
    return refuse("Cannot close the reader: a wait or drain is running, none is wanted; interrupt "
                  "it and close again");
  }
  r->magic = 0;
  store32_seq(&r->journal.header->reader_pid, 0);
  journal_close(&r->journal);
  free(r);
  return ONHOOK_OK;
}
