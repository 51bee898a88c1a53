/* damage_test.c - records and words that are wrong: found, counted, skipped, repaired. */
#include <string.h>

#include "checksum.h"
#include "support.h"

static uint64_t tail(void) { return writer.header->tail; }

static void bad_checksum(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 4));
  CHECK(write_hangup(&writer, 2, 4));
  CHECK(write_hangup(&writer, 3, 4));
  uint64_t second = tail() / 3;
  ring_at(&writer, second)[100] ^= 1;
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(number_at(t, 0), 1);
  check_gap(t, 1, 1, 8, 1);
  CHECK_EQ(number_at(t, 2), 3);
  end();
}

/* Publishes `bytes` bytes of `r`, sealed, as another version of the library might. */
static void publish_raw(record *r) {
  CHECK(writer_write(&writer, r));
}

static record service_record(uint16_t type, uint16_t version, uint32_t bytes) {
  record r;
  memset(&r, 0, sizeof r);
  record_service_start(&r, 5, 6);
  r.as.header.type = type;
  r.as.header.version = version;
  r.as.header.bytes = bytes;
  return r;
}

static void lengths_are_checked(void) {
  begin();
  record r = service_record(ENTRY_SERVICE_START, 1, 64);
  publish_raw(&r);
  r = service_record(ENTRY_SERVICE_STOP, 1, 56);
  publish_raw(&r);
  r = service_record(ENTRY_GAP, 1, 80);
  publish_raw(&r);
  static const uint16_t units[][4] = {{18, 0, 0, 0}, {0, 18, 0, 0}, {0, 0, 130, 0},
                                      {0, 0, 0, 18}, {1, 0, 0, 0},  {65535, 65535, 65535, 65535}};
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
    record_link(&r, ENTRY_LINK_HANGUP, NULL, NULL, 1, 2);
    memcpy(r.as.hangup.units, units[i], sizeof units[i]);
    r.as.hangup.present = 1;
    publish_raw(&r);
    if (units[i][0] != 65535 && units[i][0] != 1) { /* too long for its array, but there */
      uint32_t all = (uint32_t)units[i][0] + units[i][1] + units[i][2] + units[i][3];
      r.as.header.bytes = 168 + 2 * all;
      publish_raw(&r);
    }
  }
  record_link(&r, ENTRY_LINK_HANGUP, NULL, NULL, 1, 2);
  r.as.hangup.present = 4;
  publish_raw(&r);
  record_link(&r, ENTRY_LINK_HANGUP, NULL, NULL, 1, 2);
  r.as.hangup.units[0] = 1; /* a string in an absent half */
  r.as.header.bytes += 2;
  publish_raw(&r);
  record_link(&r, ENTRY_LINK_HANGUP, NULL, NULL, 1, 2);
  r.as.header.bytes = 160;
  publish_raw(&r);
  const taken *t = take(reader, 64);
  CHECK_EQ(t->drained.entries, 1);
  check_gap(t, 0, 1, 8, 1);
  CHECK_EQ(t->drained.position, tail());
  check_gap(take(reader, 64), 0, 15, 8, 1);
  end();
}

/* A connection event with nothing but what the caller then breaks. */
static record connection_record(uint16_t type, uint16_t present) {
  static const connection_pointers none = {{NULL}};
  record r;
  memset(&r, 0, sizeof r);
  record_connection(&r, type, &none, 1, 2);
  r.as.connection.present = present;
  return r;
}

static void connection_lengths_are_checked(void) {
  begin();
  static const uint16_t units_max[12] = CONNECTION_UNITS_MAX;
  uint64_t bad = 0;
  for (uint16_t type = ENTRY_CONNECTION_UP; type <= ENTRY_REAUTHENTICATION; type++) {
    uint16_t all = type == ENTRY_REAUTHENTICATION ? 15 : 7;
    for (uint32_t i = 0; i < (type == ENTRY_REAUTHENTICATION ? 12 : 9); i++) {
      record r = connection_record(type, all); /* not as long as it says */
      r.as.connection.units[i] = 1;
      publish_raw(&r);
      r = connection_record(type, all); /* longer than its array */
      r.as.connection.units[i] = (uint16_t)(units_max[i] + 1);
      r.as.header.bytes += 2u * (units_max[i] + 1u);
      publish_raw(&r);
      r = connection_record(type, 0); /* a string of what is absent */
      r.as.connection.units[i] = 1;
      r.as.header.bytes += 2;
      publish_raw(&r);
      bad += 3;
    }
    record r = connection_record(type, (uint16_t)(all + 1));
    publish_raw(&r);
    r = connection_record(type, all);
    r.as.header.bytes -= 8;
    publish_raw(&r);
    bad += 2;
  }
  const taken *t = take(reader, 64);
  uint64_t lost = 0;
  while (t->drained.entries > 0) {
    CHECK_EQ(t->drained.entries, 1);
    lost += gap_at(t, 0).lost;
    CHECK_EQ(gap_at(t, 0).reasons, 8);
    t = take(reader, 64);
  }
  CHECK_EQ(lost, bad);
  CHECK_EQ(t->drained.position, tail());
  end();
}

static void unknown_passes(void) {
  begin();
  record r = service_record(99, 1, 77);
  publish_raw(&r);
  r = service_record(ENTRY_LINK_HANGUP, 2, 50);
  publish_raw(&r);
  const taken *t = take(reader, 64);
  CHECK_EQ(t->drained.entries, 2);
  CHECK_EQ(entry_at(t, 0).type, 99);
  CHECK_EQ(entry_at(t, 0).bytes, 77);
  CHECK_EQ(entry_at(t, 1).version, 2);
  CHECK_EQ(t->bytes[77], 0); /* padding */
  end();
}

static void garbage_at_tail(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  *ring_word(&writer, tail()) = UINT64_C(0xDEADBEEFCAFE1234);
  const taken *t = take(reader, 16);
  CHECK_EQ(number_at(t, 0), 1);
  check_gap(t, 1, 1, 8, 0);
  CHECK_EQ(*ring_word(&writer, tail()), 0);
  CHECK(write_hangup(&writer, 3, 0));
  t = take(reader, 16);
  CHECK_EQ(number_at(t, t->drained.entries - 1), 3);
  end();
}

static void garbage_between(void) {
  begin();
  for (uint32_t i = 0; i < 6; i++) {
    CHECK(write_hangup(&writer, i, 0));
  }
  uint64_t length = tail() / 6;
  for (uint64_t i = 2; i < 4; i++) {
    *ring_word(&writer, i * length) = UINT64_C(0x1111111111111111) * i;
  }
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 5);
  CHECK_EQ(number_at(t, 1), 1);
  CHECK_EQ(gap_at(t, 2).exact, 0);
  CHECK_EQ(gap_at(t, 2).reasons, 8);
  CHECK_EQ(number_at(t, 3), 4);
  /* Skipped places are covered: counted once, however often they are read. */
  uint64_t lost = writer.header->lost.total;
  CHECK_EQ(lost, 1);
  commit(reader, t);
  end();
}

static void resync_is_counted_once(void) {
  const char *path = new_path();
  writer = open_writer(path);
  for (uint32_t i = 0; i < 6; i++) {
    CHECK(write_hangup(&writer, i, 100));
  }
  memset(ring_at(&writer, 0), 0xA5, 512);
  for (int i = 0; i < 3; i++) {
    onhook_reader *r = open_reader(path);
    take(r, 16);
    CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
    CHECK_EQ(writer.header->lost.total, 1);
  }
  journal_close(&writer);
}

static void hole(void) {
  begin();
  for (uint32_t i = 0; i < 4; i++) {
    CHECK(write_hangup(&writer, i, 0));
  }
  uint64_t length = tail() / 4;
  memset(ring_at(&writer, length), 0, (size_t)length * 2);
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  CHECK_EQ(number_at(t, 0), 0);
  CHECK_EQ(onhook_reader_wait(reader, 3000), ONHOOK_OK); /* it may have been a slow writer's */
  t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 2);
  check_gap(t, 0, 1, 4, 0);
  CHECK_EQ(number_at(t, 1), 3);
  end();
}

static void hole_to_the_end(void) {
  begin();
  writer.header->tail = 4096 + 640;
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  CHECK_EQ(onhook_reader_wait(reader, 3000), ONHOOK_OK);
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.position, 4096 + 640);
  CHECK_EQ(gap_at(t, 0).lost, 1);
  commit(reader, t);
  CHECK(write_hangup(&writer, 8, 0));
  CHECK_EQ(number_at(take(reader, 16), 0), 8);
  end();
}

static void mad_tail(void) {
  static const uint64_t tails[] = {1, 63, 64 * 3 + 8, UINT64_MAX, UINT64_MAX / 2, 1u << 30};
  for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
    begin();
    for (uint32_t n = 0; n < 4; n++) {
      CHECK(write_hangup(&writer, n, 0));
    }
    writer.header->tail = tails[i];
    write_hangup(&writer, 4, 0);
    const taken *t = take(reader, 16);
    CHECK_EQ(number_at(t, 0), 0);
    for (int round = 0; round < 4; round++) {
      t = take(reader, 16);
      CHECK_EQ(onhook_reader_commit(reader, t->drained.position, t->drained.lost_total), 0);
    }
    CHECK(write_hangup(&writer, 6, 0));
    t = take(reader, 16);
    CHECK_EQ(number_at(t, t->drained.entries - 1), 6);
    end();
  }
}

static void changed_identity(void) {
  begin();
  writer.header->identity.capacity_bytes *= 2;
  uint64_t buffer[512];
  onhook_drained d;
  CHECK_EQ(onhook_reader_wait(reader, 1000), ONHOOK_OK);
  CHECK_EQ(onhook_reader_drain(reader, (uint8_t *)buffer, sizeof buffer, 1, &d), ONHOOK_DAMAGED);
  CHECK(error_has("open it again"));
  end();
}

static void recovered_tail(void) {
  const char *path = new_path();
  writer = open_writer(path);
  for (uint32_t i = 0; i < 100; i++) {
    CHECK(write_hangup(&writer, i, 0));
  }
  uint64_t right = tail();
  writer.header->tail = right / 100 * 40;
  journal_close(&writer);
  writer = open_writer(path);
  CHECK_EQ(tail(), right);
  journal_close(&writer);
}

static const test tests[] = {
    {"drain() skips a record exactly when its checksum is wrong", bad_checksum, 0},
    {"drain() rejects lengths that do not add up", lengths_are_checked, 0},
    {"drain() counts a connection whose lengths do not add up", connection_lengths_are_checked, 0},
    {"drain() passes on unknown types and versions", unknown_passes, 0},
    {"drain() clears garbage at the tail so that writers go on", garbage_at_tail, 0},
    {"drain() resynchronizes when garbage stands between records", garbage_between, 0},
    {"drain() counts a resynchronization once when readers die", resync_is_counted_once, 0},
    {"drain() resynchronizes when there is a hole", hole, 0},
    {"drain() goes to tail when everything before it is missing", hole_to_the_end, 0},
    {"drain() repairs a tail that cannot be right", mad_tail, 0},
    {"drain() says so when the header changes under it", changed_identity, 0},
    {"journal_open() moves tail over records that are younger", recovered_tail, 0},
};

TESTS_MAIN(tests)
