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

/* Whether the lengths of texts `from` to `to` are 0. */
static bool no_texts(const uint16_t *units, int from, int to) {
  for (int i = from; i < to; i++) {
    if (units[i] != 0) {
      return false;
    }
  }
  return true;
}

static bool connection_is_valid(const uint8_t *entry, uint32_t bytes, bool again) {
  static const uint32_t units_max[12] = CONNECTION_UNITS_MAX;
  /* Texts of structure n: from first[n] to first[n + 1]. */
  static const int first[5] = {0, 4, 6, 9, 12};
  uint32_t fixed = again ? sizeof(entry_reauthentication) : sizeof(entry_connection);
  entry_connection c;
  if (bytes < fixed) {
    return false;
  }
  memcpy(&c, entry, sizeof c);
  uint32_t units = 0;
  for (int i = 0; i < 12; i++) {
    if (c.units[i] > units_max[i]) {
      return false;
    }
    units += c.units[i];
  }
  for (int n = 0; n < 4; n++) {
    if ((c.present & 1u << n) == 0 && !no_texts(c.units, first[n], first[n + 1])) {
      return false;
    }
  }
  return c.present < (again ? 2 * CONNECTION_3 : CONNECTION_3) && fixed + 2 * units == bytes;
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
    case ENTRY_LINK_UP:
      return hangup_is_valid(entry, bytes);
    case ENTRY_CONNECTION_UP:
    case ENTRY_CONNECTION_HANGUP:
      return connection_is_valid(entry, bytes, false);
    case ENTRY_REAUTHENTICATION:
      return connection_is_valid(entry, bytes, true);
    case ENTRY_SERVICE_START:
      return bytes == ENTRY_SERVICE_START_BYTES;
    case ENTRY_SERVICE_STOP:
      return bytes == ENTRY_SERVICE_STOP_BYTES;
    default:
      return true;
  }
}
