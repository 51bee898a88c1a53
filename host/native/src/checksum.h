/*
 * checksum.h - the journal's checksums; include/journal.h defines them. A unit is loaded once, to be
 * summed and stored elsewhere.
 */
#ifndef ONHOOK_CHECKSUM_H
#define ONHOOK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Of each word in a unit, and what is added to all of them from one unit to the next. */
#define CHECKSUM_KEYS                                                                            \
  {0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5, \
   0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174}
#define CHECKSUM_STEP 0x9E3779B9u
#define CHECKSUM_EVEN UINT64_C(0x9E3779B97F4A7C15)
#define CHECKSUM_ODD UINT64_C(0xD1B54A32D192ED03)

#if defined(__SSE2__)
#include <emmintrin.h>

/* 64 bytes. */
typedef struct checksum_unit {
  __m128i part[4];
} checksum_unit;

typedef struct checksum_state {
  __m128i key[4];
  __m128i sums; /* even, odd */
} checksum_state;

static inline checksum_state checksum_begin(void) {
  _Alignas(16) static const uint32_t keys[16] = CHECKSUM_KEYS;
  checksum_state s = {.sums = _mm_setzero_si128()};
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    s.key[i] = _mm_load_si128((const __m128i *)(const void *)(keys + 4 * i));
  }
  return s;
}

/* No alignment is needed. */
static inline checksum_unit checksum_load(const uint8_t *from) {
  checksum_unit unit;
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    unit.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(from + 16 * i));
  }
  return unit;
}

static inline uint64_t checksum_first_word(const checksum_unit *unit) {
  return (uint64_t)_mm_cvtsi128_si64(unit->part[0]);
}

/* Stores all but the first word to where that would stand at `to`. */
static inline void checksum_store_rest(uint8_t *to, const checksum_unit *unit) {
  _mm_storel_epi64((__m128i *)(void *)(to + 8), _mm_unpackhi_epi64(unit->part[0], unit->part[0]));
#pragma GCC unroll 4
  for (int i = 1; i < 4; i++) {
    _mm_storeu_si128((__m128i *)(void *)(to + 16 * i), unit->part[i]);
  }
}

static inline void checksum_take(checksum_state *s, const checksum_unit *unit) {
  const __m128i step = _mm_set1_epi32((int)CHECKSUM_STEP);
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++) {
    __m128i words = _mm_add_epi32(unit->part[i], s->key[i]);
    __m128i partners = _mm_shuffle_epi32(words, 0xF5); /* 1, 1, 3, 3 */
    s->sums = _mm_add_epi64(s->sums, _mm_mul_epu32(words, partners));
    s->key[i] = _mm_add_epi32(s->key[i], step);
  }
}

static inline uint64_t checksum_even(const checksum_state *s) {
  return (uint64_t)_mm_cvtsi128_si64(s->sums);
}

static inline uint64_t checksum_odd(const checksum_state *s) {
  return (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(s->sums, s->sums));
}

#else

typedef struct checksum_unit {
  uint8_t bytes[64];
} checksum_unit;

typedef struct checksum_state {
  uint32_t key[16];
  uint64_t sum[2]; /* even, odd */
} checksum_state;

static inline checksum_state checksum_begin(void) {
  return (checksum_state){.key = CHECKSUM_KEYS};
}

static inline checksum_unit checksum_load(const uint8_t *from) {
  checksum_unit unit;
  memcpy(unit.bytes, from, sizeof unit.bytes);
  return unit;
}

static inline uint64_t checksum_first_word(const checksum_unit *unit) {
  uint64_t word;
  memcpy(&word, unit->bytes, sizeof word);
  return word;
}

static inline void checksum_store_rest(uint8_t *to, const checksum_unit *unit) {
  memcpy(to + 8, unit->bytes + 8, sizeof unit->bytes - 8);
}

static inline void checksum_take(checksum_state *s, const checksum_unit *unit) {
  for (int pair = 0; pair < 8; pair++) {
    uint32_t words[2];
    memcpy(words, unit->bytes + 8 * pair, sizeof words);
    words[0] += s->key[2 * pair];
    words[1] += s->key[2 * pair + 1];
    s->sum[pair % 2] += (uint64_t)words[0] * words[1];
    s->key[2 * pair] += CHECKSUM_STEP;
    s->key[2 * pair + 1] += CHECKSUM_STEP;
  }
}

static inline uint64_t checksum_even(const checksum_state *s) { return s->sum[0]; }

static inline uint64_t checksum_odd(const checksum_state *s) { return s->sum[1]; }

#endif

/* checksum64 of all that was taken in; checksum32 is its low half. */
static inline uint64_t checksum_end(const checksum_state *s) {
  __extension__ typedef unsigned __int128 product_type;
  product_type product =
      (product_type)(checksum_even(s) ^ CHECKSUM_EVEN) * (checksum_odd(s) ^ CHECKSUM_ODD);
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

/* checksum64 of 64 bytes. */
uint64_t checksum_of_unit(const uint8_t *unit);

/* checksum32 of the entry at `entry`, which is `bytes` long (48 to 4096). */
uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes);

#endif
