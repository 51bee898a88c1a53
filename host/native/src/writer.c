/* writer.c - the algorithm "Writing" of include/journal.h. */
#include "writer.h"

#include <string.h>

#include "checksum.h"
#include "hooks.h"
#include "losses.h"

/* Each failed try means that somebody else has moved on, unless the file is damaged. */
#define CLAIM_TRIES_MAX 4096
/* After so many tails and places that mean nothing the loss is counted. */
#define GARBAGE_LOOKS_MAX 8

static void count_lost(const journal *j, const record *r, int reason) {
  losses_count(j, &(loss){.reason = reason,
                          .count = 1,
                          .first_us = r->as.header.time_us,
                          .last_us = r->as.header.time_us,
                          .position = load_acquire(&j->header->tail)});
}

static void wake_reader(const journal *j) {
  uint32_t *asleep = &j->header->asleep;
  if (load32_seq(asleep) == 1 && swap32_if(asleep, 1, 0)) {
    platform_wake_up(&j->wake);
  }
}

/* Fills the rest of the last unit with 0, as many as ever: that is faster. Returns the length. */
static uint64_t finish(record *r) {
  uint32_t bytes = r->as.header.bytes;
  memset(r->as.bytes + bytes, 0, JOURNAL_UNIT_BYTES);
  r->as.header.word = 0;
  r->as.header.sequence = 0;
  r->as.header.checksum = 0;
  r->as.header.reserved = 0;
  return round_up(bytes, UNIT);
}

/*
 * Copies what stands behind the record's word, and makes the checksum on the way. A writer that was
 * held up for long may look at any unit's first word as if a record could start there, so these are
 * stored as the words they are. What was stored a moment ago in small pieces is slow to read in
 * large ones until a full fence, the claim, has passed.
 */
static void copy_in(uint8_t *to, const record *r, uint64_t bytes) {
  checksum_state sum = checksum_begin();
  for (uint64_t at = 0; at < bytes; at += UNIT) {
    checksum_unit unit = checksum_load(r->as.bytes + at);
    checksum_take(&sum, &unit);
    if (at > 0) {
      store_release((uint64_t *)(void *)(to + at), checksum_first_word(&unit));
    }
    checksum_store_rest(to + at, &unit);
  }
  uint32_t checksum = (uint32_t)checksum_end(&sum);
  memcpy(to + offsetof(entry_header, checksum), &checksum, sizeof checksum);
}

typedef enum claim_result {
  CLAIM_MADE,
  CLAIM_RETRY,
  CLAIM_FULL,
  CLAIM_GARBAGE,
  CLAIM_GIVEN_UP /* by the reader, which has counted it */
} claim_result;

/*
 * Makes the place at `tail`, which belongs to the caller, a claimed record. Fails when the reader has
 * given it up, and when something has stood there since a loss of power; the place becomes an
 * abandoned one then.
 */
static claim_result mark(const journal *j, uint64_t tail, uint64_t length) {
  journal_header *h = j->header;
  uint64_t *at = ring_word(j, tail);
  uint64_t claimed = word_make(WORD_CLAIMED, length, tail);
  uint64_t seen = 0;
  if (!swap_or_see(at, &seen, claimed)) {
    bool given_up = load_acquire(&h->release) > tail ||
                    (word_state(seen) == WORD_ABANDONED &&
                     word_is_valid(seen, tail, load_acquire(&h->head) + j->capacity));
    if (!given_up) {
      swap_if(at, seen, word_with_state(claimed, WORD_ABANDONED));
    }
    return CLAIM_GARBAGE;
  }
  ONHOOK_HOOK(HOOK_CLAIMED);
  if (load_acquire(&h->release) > tail) { /* given up so long ago that it has been cleared since */
    return swap_if(at, claimed, 0) ? CLAIM_GARBAGE : CLAIM_GIVEN_UP;
  }
  return CLAIM_MADE;
}

/* One try to claim `length` bytes at `*tail`, which is what was last seen of the tail. */
static claim_result claim_once(const journal *j, uint64_t length, uint64_t *tail) {
  journal_header *h = j->header;
  uint64_t head = load_acquire(&h->head);
  if (head > *tail || *tail - head > j->capacity || *tail % UNIT != 0) {
    uint64_t before = *tail;
    *tail = load_acquire(&h->tail);
    return *tail == before ? CLAIM_GARBAGE : CLAIM_RETRY;
  }
  if (length > j->capacity - (*tail - head)) {
    return CLAIM_FULL;
  }
  ONHOOK_HOOK(HOOK_BEFORE_CLAIM);
  if (!swap_or_see(&h->tail, tail, *tail + length)) {
    return CLAIM_RETRY;
  }
  ONHOOK_HOOK(HOOK_TAIL_MOVED);
  return mark(j, *tail, length);
}

static claim_result claim(const journal *j, uint64_t length, uint64_t *position) {
  int garbage = 0;
  *position = load_acquire(&j->header->tail);
  for (int tries = 0; tries < CLAIM_TRIES_MAX; tries++) {
    claim_result result = claim_once(j, length, position);
    if (result != CLAIM_RETRY && result != CLAIM_GARBAGE) {
      return result;
    }
    if (result == CLAIM_GARBAGE) {
      if (++garbage >= GARBAGE_LOOKS_MAX) {
        return CLAIM_GARBAGE;
      }
      *position = load_acquire(&j->header->tail);
    }
  }
  return CLAIM_GARBAGE;
}

bool writer_write(const journal *j, record *r) {
  uint64_t length = finish(r);
  uint64_t position;
  claim_result result = claim(j, length, &position);
  if (result != CLAIM_MADE) {
    if (result != CLAIM_GIVEN_UP) {
      count_lost(j, r, result == CLAIM_FULL ? LOST_JOURNAL_FULL : LOST_DAMAGED);
    }
    wake_reader(j);
    return false;
  }
  copy_in(ring_at(j, position), r, length);
  ONHOOK_HOOK(HOOK_COPIED);
  uint64_t claimed = word_make(WORD_CLAIMED, length, position);
  /* The swap is the full fence between the record and the look at `asleep`. */
  bool published = swap_if(ring_word(j, position), claimed,
                           word_with_state(claimed, WORD_PUBLISHED));
  ONHOOK_HOOK(HOOK_PUBLISHED);
  wake_reader(j);
  return published;
}

void writer_recover_tail(const journal *j) {
  journal_header *h = j->header;
  for (uint64_t steps = 0; steps < j->capacity / UNIT; steps++) {
    uint64_t tail = load_acquire(&h->tail);
    uint64_t head = load_acquire(&h->head);
    if (head > tail || tail - head >= j->capacity || tail % UNIT != 0) {
      return;
    }
    uint64_t word = load_acquire(ring_word(j, tail));
    if (!word_is_valid(word, tail, head + j->capacity)) {
      return;
    }
    swap_if(&h->tail, tail, tail + word_bytes(word));
  }
}
