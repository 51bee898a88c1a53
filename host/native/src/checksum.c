/* checksum.c - the writer sums while it copies (writer.c); this is for everybody else. */
#include "checksum.h"

#include "journal.h"

static void take(checksum_state *s, const uint8_t *from) {
  checksum_unit unit = checksum_load(from);
  checksum_take(s, &unit);
}

uint64_t checksum_of_unit(const uint8_t *unit) {
  checksum_state s = checksum_begin();
  take(&s, unit);
  return checksum_end(&s);
}

uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes) {
  checksum_state s = checksum_begin();
  for (uint32_t at = 0; at < bytes; at += JOURNAL_UNIT_BYTES) {
    uint32_t left = bytes - at;
    if (at > 0 && left >= JOURNAL_UNIT_BYTES) {
      take(&s, entry + at);
      continue;
    }
    uint8_t unit[JOURNAL_UNIT_BYTES] = {0};
    memcpy(unit, entry + at, left < sizeof unit ? left : sizeof unit);
    if (at == 0) {
      memset(unit + offsetof(entry_header, word), 0, 16); /* and the sequence */
      memset(unit + offsetof(entry_header, checksum), 0, 8);
    }
    take(&s, unit);
  }
  return (uint32_t)checksum_end(&s);
}
