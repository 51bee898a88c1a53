/* ring.h - words, positions and places of the ring; include/journal.h is the document. */
#ifndef ONHOOK_RING_H
#define ONHOOK_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "atomic.h"
#include "journal.h"
#include "platform.h"

/*
 * An open journal. All but what `header` and `ring` point to are copies that were checked when it
 * was opened; `head` and `release` are of that moment.
 */
typedef struct journal {
  journal_header *header;
  uint8_t *ring;
  uint64_t capacity;
  uint64_t head;
  uint64_t release;
  uint64_t file_bytes;
  journal_identity identity;
  platform_file file;
  platform_wake wake;
} journal;

#define WORD_LENGTH_MASK UINT64_C(0x1FFF)
#define WORD_COUNTED (UINT64_C(1) << 15)
#define WORD_TAG_MASK UINT64_C(0xFFFFFFFFFFFF)
#define UNIT ((uint64_t)JOURNAL_UNIT_BYTES)

static inline uint64_t word_make(unsigned state, uint64_t bytes, uint64_t position) {
  return (uint64_t)state | ((bytes / UNIT) << 2) | (((position / UNIT) & WORD_TAG_MASK) << 16);
}

static inline unsigned word_state(uint64_t word) { return (unsigned)(word & 3u); }

/* Bytes of the record, whole units. */
static inline uint64_t word_bytes(uint64_t word) {
  return ((word >> 2) & WORD_LENGTH_MASK) * UNIT;
}

static inline uint64_t word_with_state(uint64_t word, unsigned state) {
  return (word & ~UINT64_C(3)) | (uint64_t)state;
}

/* Whether `word` is valid for `position` in a ring whose free space ends at `limit`. */
static inline bool word_is_valid(uint64_t word, uint64_t position, uint64_t limit) {
  uint64_t bytes = word_bytes(word);
  return word_state(word) != WORD_FREE && bytes >= UNIT && bytes <= JOURNAL_RECORD_BYTES_MAX &&
         word >> 16 == ((position / UNIT) & WORD_TAG_MASK) && bytes <= limit - position;
}

static inline uint8_t *ring_at(const journal *j, uint64_t position) {
  return j->ring + (position & (j->capacity - UNIT));
}

static inline uint64_t *ring_word(const journal *j, uint64_t position) {
  return (uint64_t *)(void *)ring_at(j, position);
}

static inline uint64_t round_up(uint64_t bytes, uint64_t to) { return (bytes + to - 1) / to * to; }

#endif
