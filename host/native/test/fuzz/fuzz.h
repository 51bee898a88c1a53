/* fuzz.h - what the fuzzing targets share: a cursor over the input, and a check that crashes. */
#ifndef ONHOOK_FUZZ_H
#define ONHOOK_FUZZ_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

/* Nothing but a crash counts as a find. */
#define REQUIRE(condition)                                                   \
  do {                                                                       \
    if (!(condition)) {                                                      \
      fprintf(stderr, "%s:%d: %s is wanted\n", __FILE__, __LINE__, #condition); \
      abort();                                                               \
    }                                                                        \
  } while (0)

/* What is left of the input; zeros behind its end. */
typedef struct input {
  const uint8_t *at;
  size_t left;
} input;

static inline uint64_t input_number(input *in, size_t bytes) {
  uint64_t value = 0;
  size_t some = in->left < bytes ? in->left : bytes;
  if (some > 0) {
    memcpy(&value, in->at, some);
    in->at += some;
    in->left -= some;
  }
  return value;
}

static inline void require_connection(const uint8_t *entry, uint32_t bytes, uint32_t fixed) {
  entry_connection c;
  REQUIRE(bytes >= fixed);
  memcpy(&c, entry, sizeof c);
  uint32_t units = 0;
  for (int i = 0; i < 12; i++) {
    static const uint16_t units_max[12] = {257, 257, 16, 17, 16, 16, 257, 16, 16, 257, 16, 16};
    REQUIRE(c.units[i] <= units_max[i]);
    units += c.units[i];
  }
  REQUIRE(fixed + 2 * units == bytes);
  REQUIRE(c.present <= (fixed == 464 ? 15 : 7));
}

/* What a decoder relies on, told apart from entry_check.c. `entry` is 8-aligned. */
static inline void require_decodable(const uint8_t *entry, uint32_t bytes) {
  entry_header h;
  REQUIRE(bytes >= sizeof h && bytes <= JOURNAL_RECORD_BYTES_MAX);
  memcpy(&h, entry, sizeof h);
  REQUIRE(h.bytes == bytes && h.type != ENTRY_GAP);
  REQUIRE(h.checksum == checksum_entry(entry, bytes));
  if (h.version != ENTRY_VERSION) {
    return;
  }
  REQUIRE(h.type != ENTRY_SERVICE_START || bytes == 56);
  REQUIRE(h.type != ENTRY_SERVICE_STOP || bytes == 64);
  if (h.type == ENTRY_CONNECTION_UP || h.type == ENTRY_CONNECTION_HANGUP) {
    require_connection(entry, bytes, 288);
  }
  if (h.type == ENTRY_REAUTHENTICATION) {
    require_connection(entry, bytes, 464);
  }
  if (h.type == ENTRY_LINK_HANGUP || h.type == ENTRY_LINK_UP) {
    entry_link_hangup hangup;
    REQUIRE(bytes >= sizeof hangup);
    memcpy(&hangup, entry, sizeof hangup);
    const uint16_t *units = hangup.units;
    REQUIRE(units[0] <= 17 && units[1] <= 17 && units[2] <= 129 && units[3] <= 17);
    REQUIRE(168u + 2u * (units[0] + units[1] + units[2] + units[3]) == bytes);
    REQUIRE(hangup.present <= 3);
  }
}

#endif
