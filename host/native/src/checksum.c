/* checksum.c - four lanes, so that the processor multiplies four words at a time. */
#include "checksum.h"

#include <string.h>

#include "journal.h"

#define K UINT64_C(0x9E3779B97F4A7C15)

typedef struct lanes {
  uint64_t at[4];
} lanes;

static const lanes lanes_start = {{K, K * 2, K * 3, K * 4}};

static inline uint64_t mix(uint64_t lane, uint64_t word) {
  uint64_t x = lane ^ word;
  return ((x << 29) | (x >> 35)) * K;
}

static inline uint64_t word_at(const uint8_t *data) {
  uint64_t word;
  memcpy(&word, data, sizeof word);
  return word;
}

/* Takes in all the words of `data`, whose first goes to lane `lane`. */
static inline lanes take(lanes l, unsigned lane, const uint8_t *data, size_t bytes) {
  size_t at = 0;
  for (; (lane & 3u) != 0 && at + 8 <= bytes; at += 8, lane++) {
    l.at[lane & 3u] = mix(l.at[lane & 3u], word_at(data + at));
  }
  for (; at + 32 <= bytes; at += 32) {
    l.at[0] = mix(l.at[0], word_at(data + at));
    l.at[1] = mix(l.at[1], word_at(data + at + 8));
    l.at[2] = mix(l.at[2], word_at(data + at + 16));
    l.at[3] = mix(l.at[3], word_at(data + at + 24));
  }
  for (; at + 8 <= bytes; at += 8, lane++) {
    l.at[lane & 3u] = mix(l.at[lane & 3u], word_at(data + at));
  }
  if (at < bytes) {
    uint64_t last = 0;
    memcpy(&last, data + at, bytes - at);
    l.at[lane & 3u] = mix(l.at[lane & 3u], last);
  }
  return l;
}

static uint64_t fold(lanes l) {
  uint64_t h = mix(mix(mix(mix(0, l.at[0]), l.at[1]), l.at[2]), l.at[3]);
  return h ^ (h >> 32);
}

uint64_t checksum_bytes(const uint8_t *data, size_t bytes) {
  return fold(take(lanes_start, 0, data, bytes));
}

uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes) {
  const size_t head = sizeof(entry_header);
  lanes l = take(lanes_start, 0, entry + offsetof(entry_header, time_us), 24);
  return (uint32_t)fold(take(l, 3, entry + head, bytes - head));
}
