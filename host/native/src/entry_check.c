/* entry_check.c */
#include "entry_check.h"

#include <string.h>

#include "checksum.h"
#include "journal.h"

static bool hangup_is_valid(const uint8_t *entry, uint32_t bytes) {
  static const uint32_t units_max[4] = HANGUP_UNITS_MAX;
  entry_link_hangup hangup;
  if (bytes < sizeof hangup) {
    return false;
  }
  memcpy(&hangup, entry, sizeof hangup);
  uint32_t units = 0;
  for (int i = 0; i < 4; i++) {
    if (hangup.units[i] > units_max[i]) {
      return false;
    }
    units += hangup.units[i];
  }
  bool strings_allowed = (hangup.present & HANGUP_PORT_0) != 0 || units == 0;
  return hangup.present <= (HANGUP_PORT_0 | HANGUP_PORT_1) && strings_allowed &&
         sizeof hangup + 2 * units == bytes;
}

bool entry_is_valid(const uint8_t *entry, uint32_t bytes) {
  entry_header header;
  memcpy(&header, entry, sizeof header);
  if (header.bytes != bytes || header.type == ENTRY_GAP ||
      header.checksum != checksum_entry(entry, bytes)) {
    return false;
  }
  if (header.version != ENTRY_VERSION) {
    return true;
  }
  switch (header.type) {
    case ENTRY_LINK_HANGUP:
      return hangup_is_valid(entry, bytes);
    case ENTRY_SERVICE_START:
      return bytes == ENTRY_SERVICE_START_BYTES;
    case ENTRY_SERVICE_STOP:
      return bytes == ENTRY_SERVICE_STOP_BYTES;
    default:
      return true;
  }
}
