/* record.c */
#include "record.h"

#include <string.h>

#include "onhook.h"

_Static_assert(sizeof(entry_reauthentication) + 2 * (3 * 257 + 257 + 16 + 17 + 6 * 16) + 64 <=
                   sizeof(record),
               "the largest event and what fills up its last unit fit a record");

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

/* Appends the string in the array at `from`, notes its length, returns the entry's new one. */
static inline uint32_t append_text(record *r, uint32_t bytes, uint16_t *units, const uint8_t *from,
                                   unsigned units_max) {
  unsigned taken = take_text(r->as.bytes + bytes, from, units_max);
  *units = (uint16_t)taken;
  return bytes + 2 * taken;
}

/* The string in `field` of the structure `type` at `from`, as number `number` of `list`. */
#define APPEND(list, number, type, field)                                           \
  (bytes = append_text(r, bytes, &(list)[number], from + offsetof(type, field),     \
                       (unsigned)(sizeof((type *)0)->field / sizeof(uint16_t))))

/* The four strings of a RAS_PORT_0. Returns the entry's length with them. */
static uint32_t take_port_texts(record *r, const uint8_t *from) {
  uint16_t *units = r->as.hangup.units;
  uint32_t bytes = sizeof r->as.hangup;
  APPEND(units, 0, onhook_ras_port_0, port_name);
  APPEND(units, 1, onhook_ras_port_0, media_name);
  APPEND(units, 2, onhook_ras_port_0, device_name);
  return APPEND(units, 3, onhook_ras_port_0, device_type);
}

void record_link(record *r, uint16_t type, const void *port0, const void *port1, uint64_t boot,
                 int64_t time_us) {
  entry_link_hangup *hangup = &r->as.hangup;
  memset((uint8_t *)hangup + sizeof hangup->header, 0, sizeof *hangup - sizeof hangup->header);
  uint32_t bytes = sizeof *hangup;
  if (port0 != NULL) {
    hangup->present |= HANGUP_PORT_0;
    memcpy(hangup->port0, port0, sizeof hangup->port0);
    bytes = take_port_texts(r, port0);
  }
  if (port1 != NULL) {
    hangup->present |= HANGUP_PORT_1;
    memcpy(hangup->port1, port1, sizeof hangup->port1);
  }
  hangup->header = header_of(type, bytes, boot, time_us);
}

static uint32_t take_connection_0(record *r, uint32_t bytes, const uint8_t *from) {
  entry_connection *c = &r->as.connection;
  c->present |= CONNECTION_0;
  memcpy(c->begin0, from, sizeof c->begin0);
  APPEND(c->units, 0, onhook_ras_connection_0, interface_name);
  APPEND(c->units, 1, onhook_ras_connection_0, user_name);
  APPEND(c->units, 2, onhook_ras_connection_0, logon_domain);
  return APPEND(c->units, 3, onhook_ras_connection_0, remote_computer);
}

/* Copies bytes of the structure `type` at `from`, beginning with `field`, to the array `to`. */
#define COPY(to, type, field) memcpy((to), from + offsetof(type, field), sizeof(to))

static uint32_t take_connection_1(record *r, uint32_t bytes, const uint8_t *from) {
  entry_connection *c = &r->as.connection;
  c->present |= CONNECTION_1;
  memcpy(c->begin1, from, sizeof c->begin1);
  COPY(c->ip_error1, onhook_ras_connection_1, ppp.ip.error);
  COPY(c->counters1, onhook_ras_connection_1, bytes_transmitted);
  APPEND(c->units, 4, onhook_ras_connection_1, ppp.ip.address);
  return APPEND(c->units, 5, onhook_ras_connection_1, ppp.ip.remote_address);
}

static uint32_t take_connection_2(record *r, uint32_t bytes, const uint8_t *from) {
  entry_connection *c = &r->as.connection;
  c->present |= CONNECTION_2;
  memcpy(c->begin2, from, sizeof c->begin2);
  COPY(c->identity2, onhook_ras_connection_2, interface_type);
  COPY(c->ip_error2, onhook_ras_connection_2, ppp.ip.error);
  COPY(c->ip_options2, onhook_ras_connection_2, ppp.ip.options);
  COPY(c->ccp2, onhook_ras_connection_2, ppp.ccp);
  COPY(c->lcp2, onhook_ras_connection_2, ppp.lcp);
  APPEND(c->units, 6, onhook_ras_connection_2, user_name);
  APPEND(c->units, 7, onhook_ras_connection_2, ppp.ip.address);
  return APPEND(c->units, 8, onhook_ras_connection_2, ppp.ip.remote_address);
}

/* Whether `size` bytes of a RAS_CONNECTION_3 have all of `bytes` bytes from `field` on. */
#define HAS(field, bytes) (size >= offsetof(onhook_ras_connection_3, field) + (bytes))
#define COPY_GIVEN(to, field)                    \
  do {                                           \
    if (HAS(field, sizeof(to))) {                \
      COPY(to, onhook_ras_connection_3, field);  \
    }                                            \
  } while (0)
#define APPEND_GIVEN(number, field)                                  \
  do {                                                               \
    if (HAS(field, sizeof((onhook_ras_connection_3 *)0)->field)) {   \
      APPEND(e->connection.units, number, onhook_ras_connection_3, field); \
    }                                                                \
  } while (0)

/* As far as its size says. */
static uint32_t take_connection_3(record *r, uint32_t bytes, const uint8_t *from) {
  entry_reauthentication *e = &r->as.reauthentication;
  e->connection.present |= CONNECTION_3;
  uint32_t size;
  memcpy(&size, from + offsetof(onhook_ras_connection_3, size), sizeof size);
  memcpy(e->begin3, from, size >= sizeof e->begin3 ? sizeof e->begin3 : 8);
  COPY_GIVEN(e->interface_type3, interface_type);
  COPY_GIVEN(e->guid3, guid);
  COPY_GIVEN(e->ip_error3, ppp.ip.error);
  COPY_GIVEN(e->ip_options3, ppp.ip.options);
  COPY_GIVEN(e->ipv63, ppp.ipv6);
  COPY_GIVEN(e->ccp3, ppp.ccp);
  COPY_GIVEN(e->lcp3, ppp.lcp);
  COPY_GIVEN(e->quarantine_state3, quarantine_state);
  COPY_GIVEN(e->timer3, timer);
  APPEND_GIVEN(9, user_name);
  APPEND_GIVEN(10, ppp.ip.address);
  APPEND_GIVEN(11, ppp.ip.remote_address);
  return bytes;
}

void record_connection(record *r, uint16_t type, const connection_pointers *from, uint64_t boot,
                       int64_t time_us) {
  bool again = type == ENTRY_REAUTHENTICATION;
  uint32_t bytes = again ? sizeof r->as.reauthentication : sizeof r->as.connection;
  memset(r->as.bytes + sizeof(entry_header), 0, bytes - sizeof(entry_header));
  if (from->pointer[0] != NULL) {
    bytes = take_connection_0(r, bytes, from->pointer[0]);
  }
  if (from->pointer[1] != NULL) {
    bytes = take_connection_1(r, bytes, from->pointer[1]);
  }
  if (from->pointer[2] != NULL) {
    bytes = take_connection_2(r, bytes, from->pointer[2]);
  }
  if (again && from->pointer[3] != NULL) {
    bytes = take_connection_3(r, bytes, from->pointer[3]);
  }
  r->as.header = header_of(type, bytes, boot, time_us);
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
