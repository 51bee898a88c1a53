/*
 * entry_fuzz.c - entries from outside, and records made from whatever RRAS may pass.
 *
 * The input: a byte of flags, then the bytes. Flags: 1 their length is put in its field, 2 the
 * checksum is made right, 4 they are no entry but RAS_PORT_0 and RAS_PORT_1, of which 8 and 16
 * leave one out, 32 they are the lengths of a hangup, 64 they are RAS_CONNECTION_0 to _3, of which
 * the lower four bits leave some out.
 */
#include "entry_check.h"
#include "fuzz.h"
#include "record.h"

/* In memory of exactly that size, so that one byte more is found. */
static uint8_t *copy_of(const uint8_t *data, size_t have, size_t want) {
  uint8_t *copy = calloc(1, want);
  REQUIRE(copy != NULL);
  if (have > 0) {
    memcpy(copy, data, have < want ? have : want);
  }
  return copy;
}

static void sum(uint8_t *entry, uint32_t length) {
  uint32_t checksum = checksum_entry(entry, length);
  memcpy(entry + offsetof(entry_header, checksum), &checksum, 4);
}

static void check_entry(unsigned flags, const uint8_t *data, size_t bytes) {
  if (bytes < sizeof(entry_header) || bytes > JOURNAL_RECORD_BYTES_MAX) {
    return;
  }
  uint8_t *entry = copy_of(data, bytes, bytes);
  uint32_t length = (uint32_t)bytes;
  if ((flags & 1) != 0) {
    memcpy(entry + offsetof(entry_header, bytes), &length, 4);
  }
  if ((flags & 2) != 0) {
    sum(entry, length);
  }
  if (entry_is_valid(entry, length)) {
    require_decodable(entry, length);
  }
  free(entry);
}

/* Four lengths up to one too many, what is present, and by how much the entry is longer than they say. */
static void check_lengths(const uint8_t *data, size_t bytes) {
  static const uint64_t units_max[4] = HANGUP_UNITS_MAX;
  input in = {data, bytes};
  entry_link_hangup hangup = {.header = {.type = ENTRY_LINK_HANGUP, .version = ENTRY_VERSION}};
  uint32_t units = 0;
  for (int i = 0; i < 4; i++) {
    hangup.units[i] = (uint16_t)(input_number(&in, 1) % (units_max[i] + 2));
    units += hangup.units[i];
  }
  hangup.present = (uint16_t)input_number(&in, 1);
  uint32_t longer = (uint32_t)input_number(&in, 1) % 4;
  uint32_t length = (uint32_t)sizeof hangup + 2 * units + longer;
  hangup.header.bytes = length;
  uint8_t *entry = copy_of((const uint8_t *)&hangup, sizeof hangup, length);
  sum(entry, length);
  if (entry_is_valid(entry, length)) {
    require_decodable(entry, length);
  }
  free(entry);
}

static void check_record(const record *r, uint32_t least, uint32_t most) {
  uint32_t length = r->as.header.bytes;
  REQUIRE(length >= least && length <= most);
  uint8_t *entry = copy_of(r->as.bytes, length, length);
  sum(entry, length);
  REQUIRE(entry_is_valid(entry, length));
  require_decodable(entry, length);
  free(entry);
}

/* Structures of exactly their sizes, the last one of the size that it says. */
static void make_connection(unsigned flags, const uint8_t *data, size_t bytes) {
  static const size_t sizes[4] = {offsetof(onhook_ras_connection_0, padding),
                                  sizeof(onhook_ras_connection_1), sizeof(onhook_ras_connection_2),
                                  sizeof(onhook_ras_connection_3)};
  uint8_t *copy[4];
  connection_pointers from = {{NULL}};
  for (int n = 0; n < 4; n++) {
    size_t want = sizes[n];
    if (n == 3 && bytes >= 8) {
      uint32_t size;
      memcpy(&size, data + 4, 4);
      want = size < 8 ? 8 : size < want ? size : want;
    }
    size_t have = bytes < want ? bytes : want;
    copy[n] = copy_of(data, have, want);
    data += have;
    bytes -= have;
    from.pointer[n] = (flags & 1u << n) != 0 ? NULL : copy[n];
  }
  for (uint16_t type = ENTRY_CONNECTION_UP; type <= ENTRY_REAUTHENTICATION; type++) {
    record r;
    memset(&r, 0xEE, sizeof r);
    record_connection(&r, type, &from, 77, 5);
    check_record(&r, type == ENTRY_REAUTHENTICATION ? 464 : 288, 2816);
  }
  for (int n = 0; n < 4; n++) {
    free(copy[n]);
  }
}

static void make_record(unsigned flags, const uint8_t *data, size_t bytes) {
  size_t first = bytes < sizeof(onhook_ras_port_0) ? bytes : sizeof(onhook_ras_port_0);
  uint8_t *port0 = copy_of(data, first, sizeof(onhook_ras_port_0));
  uint8_t *port1 = copy_of(data + first, bytes - first, sizeof(onhook_ras_port_1));
  record r;
  memset(&r, 0xEE, sizeof r);
  record_link(&r, ENTRY_LINK_HANGUP, (flags & 8) != 0 ? NULL : port0,
              (flags & 16) != 0 ? NULL : port1, 77, 5);
  check_record(&r, sizeof(entry_link_hangup), 576);
  free(port0);
  free(port1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  if (bytes == 0) {
    return 0;
  }
  if ((data[0] & 64) != 0) {
    make_connection(data[0], data + 1, bytes - 1);
  } else if ((data[0] & 32) != 0) {
    check_lengths(data + 1, bytes - 1);
  } else if ((data[0] & 4) != 0) {
    make_record(data[0], data + 1, bytes - 1);
  } else {
    check_entry(data[0], data + 1, bytes - 1);
  }
  return 0;
}
