/* record.c */
#include "record.h"

#include <string.h>

#include "onhook.h"

_Static_assert(sizeof(entry_link_hangup) + 2 * (17 + 17 + 129 + 17) <= sizeof(record) - 64,
               "the largest hangup and its last unit fit a record");

static entry_header header_of(uint16_t type, uint32_t bytes, uint64_t boot, int64_t time_us) {
  return (entry_header){
      .time_us = time_us, .boot = boot, .bytes = bytes, .type = type, .version = ENTRY_VERSION};
}

/* Copies up to `units_max` units of the string at `from`, as they are. Returns how many. */
static inline uint16_t take_text(uint8_t *to, const uint8_t *from, unsigned units_max) {
  unsigned units = 0;
  for (; units < units_max; units++) {
    uint16_t unit;
    memcpy(&unit, from + 2 * units, 2);
    if (unit == 0) {
      break;
    }
    memcpy(to + 2 * units, &unit, 2);
  }
  return (uint16_t)units;
}

void record_link_hangup(record *r, const void *port0, const void *port1, uint64_t boot,
                        int64_t time_us) {
  entry_link_hangup *hangup = &r->as.hangup;
  memset((uint8_t *)hangup + sizeof hangup->header, 0, sizeof *hangup - sizeof hangup->header);
  uint32_t bytes = sizeof *hangup;
  if (port0 != NULL) {
    const uint8_t *from = port0;
    hangup->present |= HANGUP_PORT_0;
    memcpy(hangup->port0, from, sizeof hangup->port0);
    static const uint16_t at[4] = {
        offsetof(onhook_ras_port_0, port_name), offsetof(onhook_ras_port_0, media_name),
        offsetof(onhook_ras_port_0, device_name), offsetof(onhook_ras_port_0, device_type)};
    static const uint16_t units_max[4] = HANGUP_UNITS_MAX;
    for (int i = 0; i < 4; i++) {
      hangup->units[i] = take_text(r->as.bytes + bytes, from + at[i], units_max[i]);
      bytes += 2u * hangup->units[i];
    }
  }
  if (port1 != NULL) {
    hangup->present |= HANGUP_PORT_1;
    memcpy(hangup->port1, port1, sizeof hangup->port1);
  }
  hangup->header = header_of(ENTRY_LINK_HANGUP, bytes, boot, time_us);
}

void record_service_start(record *r, uint64_t boot, int64_t time_us) {
  r->as.service = (entry_service){
      .header = header_of(ENTRY_SERVICE_START, ENTRY_SERVICE_START_BYTES, boot, time_us),
      .process_id = platform_process_id(),
      .library_version = ONHOOK_LIBRARY_VERSION};
}

void record_service_stop(record *r, uint64_t boot, int64_t time_us, uint64_t callouts_total) {
  r->as.service = (entry_service){
      .header = header_of(ENTRY_SERVICE_STOP, ENTRY_SERVICE_STOP_BYTES, boot, time_us),
      .process_id = platform_process_id(),
      .library_version = ONHOOK_LIBRARY_VERSION,
      .callouts_total = callouts_total};
}
