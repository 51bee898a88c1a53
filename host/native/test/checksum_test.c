/* checksum_test.c - the checksum against its definition in journal.h, and what it has to find. */
#include <string.h>

#include "checksum.h"
#include "support.h"

#define BYTES_MAX JOURNAL_RECORD_BYTES_MAX

static uint64_t seed = 11;

static void fill(uint8_t *to, size_t bytes) {
  for (size_t i = 0; i < bytes; i++) {
    to[i] = (uint8_t)next_random(&seed);
  }
}

/* Written from the words of journal.h, a word at a time. */
static uint64_t defined(const uint8_t *bytes, size_t count) {
  static const uint32_t keys[16] = {
      0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
      0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174};
  static uint8_t padded[BYTES_MAX + 64];
  memset(padded, 0, sizeof padded);
  memcpy(padded, bytes, count);
  uint64_t sums[2] = {0, 0};
  for (size_t p = 0; p < (count + 63) / 64 * 8; p++) {
    uint64_t factors[2];
    for (size_t k = 0; k < 2; k++) {
      size_t i = 2 * p + k;
      uint32_t word = (uint32_t)padded[4 * i] | (uint32_t)padded[4 * i + 1] << 8 |
                      (uint32_t)padded[4 * i + 2] << 16 | (uint32_t)padded[4 * i + 3] << 24;
      factors[k] = (uint32_t)(word + keys[i % 16] + (uint32_t)(i / 16) * 0x9E3779B9u);
    }
    sums[p % 2] += factors[0] * factors[1];
  }
  uint64_t x = sums[0] ^ UINT64_C(0x9E3779B97F4A7C15);
  uint64_t y = sums[1] ^ UINT64_C(0xD1B54A32D192ED03);
  /* The high half of a product, by halves of its factors. */
  uint64_t low = (x & UINT32_MAX) * (y & UINT32_MAX);
  uint64_t middle = (x >> 32) * (y & UINT32_MAX) + (low >> 32);
  uint64_t other = (x & UINT32_MAX) * (y >> 32) + (middle & UINT32_MAX);
  return ((x >> 32) * (y >> 32) + (middle >> 32) + (other >> 32)) ^ (x * y);
}

static void as_defined(void) {
  static uint8_t entry[BYTES_MAX];
  uint8_t unit[64];
  for (int i = 0; i < 100; i++) {
    fill(unit, sizeof unit);
    CHECK_EQ(checksum_of_unit(unit), defined(unit, sizeof unit));
  }
  for (uint32_t bytes = 48; bytes <= BYTES_MAX; bytes += bytes < 400 ? 1 : 61) {
    fill(entry, bytes);
    uint32_t found = checksum_entry(entry, bytes);
    memset(entry, 0, 16);
    memset(entry + 40, 0, 8);
    CHECK_EQ(found, (uint32_t)defined(entry, bytes));
  }
  memset(entry, 0xFF, sizeof entry); /* sums that wrap */
  memset(entry, 0, 16);
  memset(entry + 40, 0, 8);
  CHECK_EQ(checksum_entry(entry, BYTES_MAX), (uint32_t)defined(entry, BYTES_MAX));
}

/* What a writer publishes passes the reader's check, at every length. */
static void as_written(void) {
  for (unsigned text = 0; text < 130; text++) {
    begin();
    CHECK(write_hangup(&writer, text, text));
    const taken *t = take(reader, 4);
    CHECK_EQ(number_at(t, 0), text);
    CHECK_EQ(entry_at(t, 0).checksum, checksum_entry(t->bytes, entry_at(t, 0).bytes));
    end();
  }
}

static void finds_flips(void) {
  static uint8_t entry[512];
  for (int kind = 0; kind < 3; kind++) {
    memset(entry, kind == 1 ? 0xFF : 0, sizeof entry);
    if (kind == 2) {
      fill(entry, sizeof entry);
    }
    uint32_t good = checksum_entry(entry, sizeof entry);
    for (size_t bit = 16 * 8; bit < sizeof entry * 8; bit++) {
      if (bit / 64 == 5) {
        continue; /* the checksum and what is reserved beside it */
      }
      entry[bit / 8] ^= (uint8_t)(1u << bit % 8);
      CHECK(checksum_entry(entry, sizeof entry) != good);
      for (size_t more = bit + 1; more < bit + 200 && more < sizeof entry * 8; more++) {
        if (more / 64 != 5) {
          entry[more / 8] ^= (uint8_t)(1u << more % 8);
          CHECK(checksum_entry(entry, sizeof entry) != good);
          entry[more / 8] ^= (uint8_t)(1u << more % 8);
        }
      }
      entry[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
  }
}

/* Parts of one record in another, parts that are missing, parts in the wrong place. */
static void finds_mixtures(void) {
  static uint8_t one[1024], two[1024], mixed[1024];
  for (int round = 0; round < 2000; round++) {
    fill(one, sizeof one);
    fill(two, sizeof two);
    memset(two, 0, 64);
    memcpy(mixed, one, sizeof one);
    uint32_t good = checksum_entry(one, sizeof one);
    size_t size = (size_t)8 << next_random(&seed) % 5;
    size_t at = 64 + next_random(&seed) % (960 / size) * size;
    size_t from = 64 + next_random(&seed) % (960 / size) * size;
    switch (round % 3) {
      case 0:
        memcpy(mixed + at, two + at, size);
        break;
      case 1:
        memset(mixed + at, 0, size);
        break;
      default:
        memcpy(mixed + at, one + from, size);
        memcpy(mixed + from, one + at, size);
    }
    CHECK(memcmp(mixed, one, sizeof one) == 0 || checksum_entry(mixed, sizeof mixed) != good);
  }
}

static const test tests[] = {
    {"checksum_entry() gives what the document defines", as_defined, 0},
    {"writer_write() makes the checksum that checksum_entry() makes", as_written, 0},
    {"checksum_entry() finds one and two flipped bits", finds_flips, 60},
    {"checksum_entry() finds parts that are not in their place", finds_mixtures, 0},
};

TESTS_MAIN(tests)
