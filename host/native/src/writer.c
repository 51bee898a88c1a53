/* writer.c - the algorithm "Writing" of include/journal.h. */
#include "writer.h"

#include <string.h>

#include "checksum.h"
#include "hooks.h"
#include "losses.h"

/* Each failed try means that somebody else has moved on, unless the file is damaged. */
#define CLAIM_TRIES_MAX 4096
/* How often a word that means nothing is looked at again before the loss is counted. */
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

/* Units whose checksum is made before the claim. */
#define EARLY_BYTES (2 * UNIT)

/*
 * The checksum of a record's first units, while its texts are still on their way to memory. What
 * was stored a moment ago in small pieces is slow to read in large ones until a full fence, the
 * claim, has passed; in these units there is little of it.
 */
static checksum_lanes begin_checksum(const record *r, uint64_t bytes) {
  checksum_lanes lanes = CHECKSUM_START;
  checksum_take(&lanes, r->as.bytes);
  if (bytes > UNIT) {
    checksum_take(&lanes, r->as.bytes + UNIT);
  }
  return lanes;
}

/*
 * Copies what stands behind the record's word, and makes the rest of the checksum on the way. A
 * writer that was held up for long may look at any unit's first word as if a record could start
 * there, so these are stored as the words they are.
 */
static void copy_in(uint8_t *to, const record *r, uint64_t bytes, checksum_lanes lanes) {
  const uint8_t *from = r->as.bytes;
  memcpy(to + 8, from + 8, UNIT - 8);
  for (uint64_t at = UNIT; at < bytes; at += UNIT) {
    if (at >= EARLY_BYTES) {
      checksum_take(&lanes, from + at);
    }
    uint64_t word;
    memcpy(&word, from + at, 8);
    store_release((uint64_t *)(void *)(to + at), word);
    memcpy(to + at + 8, from + at + 8, UNIT - 8);
  }
  uint32_t checksum = (uint32_t)checksum_join(&lanes);
  memcpy(to + offsetof(entry_header, checksum), &checksum, sizeof checksum);
}

typedef enum claim_result { CLAIM_MADE, CLAIM_RETRY, CLAIM_FULL, CLAIM_GARBAGE } claim_result;

/* One try to claim `length` bytes at the tail. */
static claim_result claim_once(const journal *j, uint64_t length, uint64_t *position) {
  journal_header *h = j->header;
  uint64_t tail = load_acquire(&h->tail);
  uint64_t head = load_acquire(&h->head);
  if (head > tail) {
    return load_acquire(&h->tail) == tail ? CLAIM_GARBAGE : CLAIM_RETRY;
  }
  if (tail - head > j->capacity || tail % UNIT != 0) {
    return CLAIM_GARBAGE;
  }
  if (length > j->capacity - (tail - head)) {
    return CLAIM_FULL;
  }
  ONHOOK_HOOK(HOOK_BEFORE_CLAIM);
  uint64_t *at = ring_word(j, tail);
  uint64_t word = load_acquire(at);
  if (word == 0) {
    if (!swap_if(at, 0, word_make(WORD_CLAIMED, length, tail))) {
      return CLAIM_RETRY;
    }
    ONHOOK_HOOK(HOOK_CLAIMED);
    if (load_acquire(&h->release) > tail) {
      swap_if(at, word_make(WORD_CLAIMED, length, tail), 0);
      return load_acquire(&h->tail) == tail ? CLAIM_GARBAGE : CLAIM_RETRY;
    }
    swap_if(&h->tail, tail, tail + length);
    *position = tail;
    return CLAIM_MADE;
  }
  if (word_is_valid(word, tail, head + j->capacity)) {
    swap_if(&h->tail, tail, tail + word_bytes(word));
    return CLAIM_RETRY;
  }
  return load_acquire(&h->tail) == tail ? CLAIM_GARBAGE : CLAIM_RETRY;
}

static claim_result claim(const journal *j, uint64_t length, uint64_t *position) {
  int garbage = 0;
  for (int tries = 0; tries < CLAIM_TRIES_MAX; tries++) {
    claim_result result = claim_once(j, length, position);
    if (result == CLAIM_MADE || result == CLAIM_FULL) {
      return result;
    }
    if (result == CLAIM_GARBAGE && ++garbage >= GARBAGE_LOOKS_MAX) {
      return CLAIM_GARBAGE;
    }
  }
  return CLAIM_GARBAGE;
}

bool writer_write(const journal *j, record *r) {
  uint64_t length = finish(r);
  checksum_lanes lanes = begin_checksum(r, length);
  uint64_t position;
  claim_result result = claim(j, length, &position);
  if (result != CLAIM_MADE) {
    count_lost(j, r, result == CLAIM_FULL ? LOST_JOURNAL_FULL : LOST_DAMAGED);
    wake_reader(j);
    return false;
  }
  ONHOOK_HOOK(HOOK_TAIL_MOVED);
  copy_in(ring_at(j, position), r, length, lanes);
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
