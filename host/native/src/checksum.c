/* checksum.c - four lanes, so that the processor multiplies four words at a time. */
#include "checksum.h"

#include <string.h>

#include "journal.h"

#define K UINT64_C(0x9E3779B97F4A7C15)

__extension__ typedef unsigned __int128 product;

typedef struct lanes {
  uint64_t a, b, c, d;
} lanes;

static inline uint64_t mul(uint64_t x, uint64_t y) {
  product p = (product)x * y;
  return (uint64_t)(p >> 64) ^ (uint64_t)p;
}

static inline uint64_t mix(uint64_t lane, uint64_t first, uint64_t second) {
  return mul(lane ^ first, second ^ (K * 5));
}

static inline uint64_t word_at(const uint8_t *data) {
  uint64_t word;
  memcpy(&word, data, sizeof word);
  return word;
}

/* Takes in whole words, of which the first pair goes to lane a, and joins the lanes. Inlined,
   because lanes that are passed through memory cost more than the sum. */
static inline __attribute__((always_inline)) uint64_t finish(lanes l, const uint8_t *data,
                                                             size_t words) {
  for (; words >= 8; words -= 8, data += 64) {
    l.a = mix(l.a, word_at(data), word_at(data + 8));
    l.b = mix(l.b, word_at(data + 16), word_at(data + 24));
    l.c = mix(l.c, word_at(data + 32), word_at(data + 40));
    l.d = mix(l.d, word_at(data + 48), word_at(data + 56));
  }
  if (words >= 1) {
    l.a = mix(l.a, word_at(data), words >= 2 ? word_at(data + 8) : 0);
  }
  if (words >= 3) {
    l.b = mix(l.b, word_at(data + 16), words >= 4 ? word_at(data + 24) : 0);
  }
  if (words >= 5) {
    l.c = mix(l.c, word_at(data + 32), words >= 6 ? word_at(data + 40) : 0);
  }
  if (words >= 7) {
    l.d = mix(l.d, word_at(data + 48), 0);
  }
  return mul(mul(l.a, l.b), mul(l.c, l.d));
}

uint64_t checksum_words(const uint8_t *data, size_t bytes) {
  return finish((lanes){K, K * 2, K * 3, K * 4}, data, bytes / 8);
}

uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes) {
  const uint8_t *head = entry + offsetof(entry_header, time_us);
  uint64_t a = mix(K, word_at(head), word_at(head + 8));
  uint64_t b = mix(K * 2, word_at(head + 16), 0);
  size_t words = (bytes - sizeof(entry_header) + 7) / 8;
  /* The payload's first pair goes to the third lane; joining does not mind where it begins. */
  return (uint32_t)finish((lanes){K * 3, K * 4, a, b}, entry + sizeof(entry_header), words);
}
