/* record.c */
#include "record.h"

#include <string.h>

#include "onhook.h"
#include "text_step.h"

_Static_assert(sizeof(entry_reauthentication) + 2 * (3 * 257 + 257 + 16 + 17 + 6 * 16) + 64 <=
                   sizeof(record),
               "the largest event and what fills up its last unit fit a record");

/* What a writer does not fill in itself. The last three fields in one store: the checksum, which
   reads them soon, has to wait for smaller ones. */
static inline void put_header(record *r, uint16_t type, uint32_t bytes, uint64_t boot,
                              int64_t time_us) {
  uint64_t rest = bytes | (uint64_t)type << 32 | (uint64_t)ENTRY_VERSION << 48;
  r->as.header.time_us = time_us;
  r->as.header.boot = boot;
  memcpy(r->as.bytes + offsetof(entry_header, bytes), &rest, sizeof rest);
}

/*
 * Copies the string in the array at `from`, as it is. Returns its units. Reads nothing behind the
 * array; behind what it returns, up to TEXT_STEP - 1 units at `to` are undefined.
 */
static inline unsigned take_text(uint8_t *to, const uint8_t *from, unsigned units_max) {
  unsigned units = 0;
  for (; units + TEXT_STEP <= units_max; units += TEXT_STEP) {
    unsigned zero = take_text_step(to + 2 * units, from + 2 * units);
    if (zero < TEXT_STEP) {
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

/* The strings of a RAS_PORT_0: their lengths and all of them together. */
typedef struct port_texts {
  uint16_t units[4];
  uint32_t bytes;
} port_texts;

static inline port_texts take_port_texts(record *r, const uint8_t *from) {
  port_texts t;
  uint32_t bytes = sizeof r->as.hangup;
  APPEND(t.units, 0, onhook_ras_port_0, port_name);
  APPEND(t.units, 1, onhook_ras_port_0, media_name);
  APPEND(t.units, 2, onhook_ras_port_0, device_name);
  APPEND(t.units, 3, onhook_ras_port_0, device_type);
  t.bytes = bytes - (uint32_t)sizeof r->as.hangup;
  return t;
}

/* What stands between the header and the structures; each word in one store, as in the header. */
static inline void put_link_lengths(record *r, unsigned present, const port_texts *t) {
  uint64_t words[2] = {present | (uint64_t)t->units[0] << 32 | (uint64_t)t->units[1] << 48,
                       t->units[2] | (uint64_t)t->units[3] << 16};
  memcpy(r->as.bytes + offsetof(entry_link_hangup, present), &words[0], 8);
  memcpy(r->as.bytes + offsetof(entry_link_hangup, present) + 8, &words[1], 8);
}

void record_link(record *r, uint16_t type, const void *port0, const void *port1, uint64_t boot,
                 int64_t time_us) {
  entry_link_hangup *hangup = &r->as.hangup;
  port_texts texts = {0};
  unsigned present = 0;
  /* Field by field: clearing all of it first takes as long as the rest together. */
  if (port0 != NULL) {
    present |= HANGUP_PORT_0;
    memcpy(hangup->port0, port0, sizeof hangup->port0);
    texts = take_port_texts(r, port0);
  } else {
    memset(hangup->port0, 0, sizeof hangup->port0);
  }
  hangup->reserved2 = 0;
  if (port1 != NULL) {
    present |= HANGUP_PORT_1;
    memcpy(hangup->port1, port1, sizeof hangup->port1);
  } else {
    memset(hangup->port1, 0, sizeof hangup->port1);
  }
  put_link_lengths(r, present, &texts);
  put_header(r, type, (uint32_t)sizeof *hangup + texts.bytes, boot, time_us);
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
  put_header(r, type, bytes, boot, time_us);
}

void record_service_start(record *r, uint64_t boot, int64_t time_us) {
  r->as.service = (entry_service){.process_id = platform_process_id(),
                                  .library_version = ONHOOK_LIBRARY_VERSION};
  put_header(r, ENTRY_SERVICE_START, ENTRY_SERVICE_START_BYTES, boot, time_us);
}

void record_service_stop(record *r, uint64_t boot, int64_t time_us, uint64_t callouts_total) {
  r->as.service = (entry_service){.process_id = platform_process_id(),
                                  .library_version = ONHOOK_LIBRARY_VERSION,
                                  .callouts_total = callouts_total};
  put_header(r, ENTRY_SERVICE_STOP, ENTRY_SERVICE_STOP_BYTES, boot, time_us);
}
