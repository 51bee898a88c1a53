/* checksum.h - the journal's checksums; include/journal.h defines them. */
#ifndef ONHOOK_CHECKSUM_H
#define ONHOOK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CHECKSUM_K UINT64_C(0x9E3779B97F4A7C15)

/* Four lanes, so that the processor multiplies four pairs at a time. */
typedef struct checksum_lanes {
  uint64_t a, b, c, d;
} checksum_lanes;

#define CHECKSUM_START \
  ((checksum_lanes){CHECKSUM_K, CHECKSUM_K * 2, CHECKSUM_K * 3, CHECKSUM_K * 4})

/* The high half of the product xor its low half. */
static inline uint64_t checksum_mul(uint64_t x, uint64_t y) {
#if defined(__x86_64__)
  /* Of a 128-bit type GCC puts half on the stack and takes it back at once, in every step. */
  uint64_t high;
  __asm__("mulq %2" : "=d"(high), "+a"(x) : "rm"(y) : "cc");
  return high ^ x;
#else
  __extension__ typedef unsigned __int128 product_type;
  product_type product = (product_type)x * y;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
#endif
}

static inline uint64_t checksum_pair(uint64_t lane, const uint8_t *at) {
  uint64_t first;
  uint64_t second;
  memcpy(&first, at, 8);
  memcpy(&second, at + 8, 8);
  return checksum_mul(lane ^ first, second ^ (CHECKSUM_K * 5));
}

/* Takes in 64 bytes, which need no alignment. */
static inline void checksum_take(checksum_lanes *l, const uint8_t *unit) {
  l->a = checksum_pair(l->a, unit);
  l->b = checksum_pair(l->b, unit + 16);
  l->c = checksum_pair(l->c, unit + 32);
  l->d = checksum_pair(l->d, unit + 48);
}

/* checksum64 of all that was taken in; checksum32 is its low half. */
static inline uint64_t checksum_join(const checksum_lanes *l) {
  return checksum_mul(checksum_mul(l->a, l->b), checksum_mul(l->c, l->d));
}

/* checksum64 of 64 bytes. */
uint64_t checksum_unit(const uint8_t *unit);

/* checksum32 of the entry at `entry`, which is `bytes` long (48 to 4096). */
uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes);

#endif
