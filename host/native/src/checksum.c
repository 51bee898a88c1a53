/* checksum.c - the writer sums while it copies (writer.c); this is for everybody else. */
#include "checksum.h"

#include "journal.h"

uint64_t checksum_unit(const uint8_t *unit) {
  checksum_lanes l = CHECKSUM_START;
  checksum_take(&l, unit);
  return checksum_join(&l);
}

uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes) {
  checksum_lanes l = CHECKSUM_START;
  for (uint32_t at = 0; at < bytes; at += JOURNAL_UNIT_BYTES) {
    uint32_t left = bytes - at;
    if (at > 0 && left >= JOURNAL_UNIT_BYTES) {
      checksum_take(&l, entry + at);
      continue;
    }
    uint8_t unit[JOURNAL_UNIT_BYTES] = {0};
    memcpy(unit, entry + at, left < sizeof unit ? left : sizeof unit);
    if (at == 0) {
      memset(unit + offsetof(entry_header, word), 0, 16); /* and the sequence */
      memset(unit + offsetof(entry_header, checksum), 0, 8);
    }
    checksum_take(&l, unit);
  }
  return (uint32_t)checksum_join(&l);
}
