/* record.c */
#include "record.h"

#include <string.h>

#include "onhook.h"

_Static_assert(sizeof(entry_link_hangup) + 2 * (17 + 17 + 129 + 17) + 64 <= sizeof(record),
               "the largest hangup and what fills up its last unit fit a record");

static entry_header header_of(uint16_t type, uint32_t bytes, uint64_t boot, int64_t time_us) {
  return (entry_header){
      .time_us = time_us, .boot = boot, .bytes = bytes, .type = type, .version = ENTRY_VERSION};
}

/* The first unit of 4 that is 0, as its number; 4 when none is. */
static inline unsigned first_zero(uint64_t four) {
  uint64_t zero = (four - UINT64_C(0x0001000100010001)) & ~four & UINT64_C(0x8000800080008000);
  return zero == 0 ? 4 : (unsigned)__builtin_ctzll(zero) / 16;
}

/* Copies the string in the array at `from`, as it is. Returns its units. Reads nothing behind the
   array; behind what it returns, up to 3 units at `to` are undefined. */
static inline unsigned take_text(uint8_t *to, const uint8_t *from, unsigned units_max) {
  unsigned units = 0;
  for (; units + 4 <= units_max; units += 4) {
    uint64_t four;
    memcpy(&four, from + 2 * units, 8);
    memcpy(to + 2 * units, &four, 8);
    unsigned zero = first_zero(four);
    if (zero < 4) {
      return units + zero;
    }
  }
  for (; units < units_max; units++) {
    uint16_t unit;
    memcpy(&unit, from + 2 * units, 2);
    memcpy(to + 2 * units, &unit, 2);
    if (unit == 0) {
      break;
    }
  }
  return units;
}

#define TAKE_TEXT(number, field)                                                                 \
  do {                                                                                           \
    unsigned units_ = take_text(r->as.bytes + bytes, from + offsetof(onhook_ras_port_0, field),  \
                                sizeof((onhook_ras_port_0 *)0)->field / 2);                      \
    r->as.hangup.units[number] = (uint16_t)units_;                                               \
    bytes += 2 * units_;                                                                         \
  } while (0)

/* The four strings of a RAS_PORT_0. Returns the entry's length with them. */
static uint32_t take_texts(record *r, const uint8_t *from) {
  uint32_t bytes = sizeof r->as.hangup;
  TAKE_TEXT(0, port_name);
  TAKE_TEXT(1, media_name);
  TAKE_TEXT(2, device_name);
  TAKE_TEXT(3, device_type);
  return bytes;
}

void record_link_hangup(record *r, const void *port0, const void *port1, uint64_t boot,
                        int64_t time_us) {
  entry_link_hangup *hangup = &r->as.hangup;
  memset((uint8_t *)hangup + sizeof hangup->header, 0, sizeof *hangup - sizeof hangup->header);
  uint32_t bytes = sizeof *hangup;
  if (port0 != NULL) {
    hangup->present |= HANGUP_PORT_0;
    memcpy(hangup->port0, port0, sizeof hangup->port0);
    bytes = take_texts(r, port0);
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
