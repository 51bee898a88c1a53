/* states_test.c - every half-written state of the ring, set by hand. */
#include <string.h>

#include "checksum.h"
#include "support.h"

static journal writer;
static onhook_reader *reader;

static void begin(void) {
  const char *path = new_path();
  writer = open_writer(path);
  reader = open_reader(path);
}

static void end(void) {
  CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
  journal_close(&writer);
}

/* Lets the reader watch a claim for as long as it wants. */
static void wait_out_claim(void) {
  CHECK_EQ(onhook_reader_wait(reader, 3000), ONHOOK_OK);
}

static uint64_t tail(void) { return writer.header->tail; }

static void empty(void) {
  begin();
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 0);
  CHECK_EQ(t->drained.position, 0);
  CHECK_EQ(t->drained.more, 0);
  CHECK_EQ(onhook_reader_wait(reader, 0), ONHOOK_TIMEOUT);
  CHECK_EQ(onhook_reader_wait(reader, 30), ONHOOK_TIMEOUT);
  commit(reader, t);
  end();
}

static void one(void) {
  begin();
  CHECK(write_hangup(&writer, 5, 3));
  CHECK_EQ(onhook_reader_wait(reader, 0), ONHOOK_OK);
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  CHECK_EQ(number_at(t, 0), 5);
  CHECK_EQ(entry_at(t, 0).word, 0); /* the position */
  CHECK_EQ(entry_at(t, 0).sequence, 0);
  CHECK_EQ(entry_at(t, 0).time_us, 1000005);
  CHECK_EQ(entry_at(t, 0).boot, 77);
  CHECK_EQ(t->drained.position, tail());
  CHECK_EQ(writer.header->head, 0);
  commit(reader, t);
  CHECK_EQ(writer.header->head, tail());
  CHECK_EQ(writer.header->release, tail());
  for (uint64_t at = 0; at < writer.capacity; at++) {
    CHECK_EQ(writer.ring[at], 0);
  }
  end();
}

static void batches(void) {
  begin();
  for (uint32_t i = 0; i < 5; i++) {
    CHECK(write_hangup(&writer, i, i));
  }
  const taken *t = take(reader, 2);
  CHECK_EQ(t->drained.entries, 2);
  CHECK_EQ(t->drained.more, 1);
  t = take(reader, 3);
  CHECK_EQ(number_at(t, 0), 2);
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(t->drained.more, 0);
  CHECK_EQ(take(reader, 3)->drained.entries, 0);
  end();
}

static void small_buffer(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  CHECK(write_hangup(&writer, 2, 0));
  uint64_t buffer[64];
  onhook_drained d;
  uint8_t *bytes = (uint8_t *)buffer;
  CHECK_EQ(onhook_reader_drain(reader, bytes, 160, 9, &d), ONHOOK_BUFFER_TOO_SMALL);
  CHECK(error_has("4096 bytes are wanted"));
  CHECK_EQ(onhook_reader_drain(reader, bytes, 232, 9, &d), ONHOOK_OK);
  CHECK_EQ(d.entries, 1);
  CHECK_EQ(d.more, 1);
  CHECK_EQ(onhook_reader_drain(reader, bytes, 232, 9, &d), ONHOOK_OK);
  CHECK_EQ(d.entries, 1);
  CHECK_EQ(d.more, 0);
  end();
}

/* A claim at `position` as a writer leaves it that died there. */
static void set_claim(uint64_t position, uint64_t bytes, bool tail_moved) {
  *ring_word(&writer, position) = word_make(WORD_CLAIMED, bytes, position);
  if (tail_moved) {
    writer.header->tail = position + bytes;
  }
}

static void check_gap(const taken *t, uint32_t index, uint64_t lost, uint32_t reasons,
                      uint32_t exact) {
  entry_gap gap = gap_at(t, index);
  CHECK_EQ(gap.lost, lost);
  CHECK_EQ(gap.reasons, reasons);
  CHECK_EQ(gap.exact, exact);
  CHECK(gap.first_us <= gap.last_us);
}

static void claimed(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  set_claim(tail(), 256, true);
  CHECK(write_hangup(&writer, 2, 0));
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  CHECK_EQ(t->drained.more, 0);
  CHECK_EQ(onhook_reader_wait(reader, 50), ONHOOK_TIMEOUT);
  wait_out_claim();
  t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 2);
  check_gap(t, 0, 1, 4, 1);
  CHECK_EQ(number_at(t, 1), 2);
  commit(reader, t);
  CHECK_EQ(writer.header->lost.reason[LOST_WRITER_DIED], 1);
  CHECK_EQ(writer.header->acknowledged.total, 1);
  end();
}

static void claimed_before_tail(void) {
  begin();
  set_claim(0, 192, false);
  wait_out_claim();
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  check_gap(t, 0, 1, 4, 1);
  CHECK_EQ(tail(), 192);
  CHECK(write_hangup(&writer, 3, 0));
  CHECK_EQ(number_at(take(reader, 16), 0), 3);
  end();
}

static void helped_on(void) {
  begin();
  set_claim(0, 4096, false);
  CHECK(write_hangup(&writer, 9, 0));
  CHECK_EQ(*ring_word(&writer, 4096) & 3, WORD_PUBLISHED);
  end();
}

static void finished_late(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  uint64_t word = *ring_word(&writer, 0);
  *ring_word(&writer, 0) = word_with_state(word, WORD_CLAIMED);
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  *ring_word(&writer, 0) = word;
  CHECK_EQ(number_at(take(reader, 16), 0), 1);
  CHECK_EQ(writer.header->lost.total, 0);
  end();
}

static void abandoned(void) {
  begin();
  set_claim(0, 128, true);
  *ring_word(&writer, 0) = word_make(WORD_ABANDONED, 128, 0);
  CHECK(write_hangup(&writer, 2, 0));
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 2);
  check_gap(t, 0, 1, 4, 1);
  CHECK_EQ(number_at(t, 1), 2);
  CHECK_EQ(*ring_word(&writer, 0) & WORD_COUNTED, WORD_COUNTED);
  end();
}

static void abandoned_is_counted_once(void) {
  const char *path = new_path();
  writer = open_writer(path);
  set_claim(0, 128, true);
  *ring_word(&writer, 0) = word_make(WORD_ABANDONED, 128, 0);
  for (int i = 0; i < 3; i++) {
    reader = open_reader(path);
    const taken *t = take(reader, 16);
    CHECK_EQ(t->drained.entries, 1);
    CHECK_EQ(gap_at(t, 0).lost, 1);
    CHECK_EQ(gap_at(t, 0).header.word, 1);
    CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
  }
  CHECK_EQ(writer.header->lost.total, 1);
  reader = open_reader(path);
  commit(reader, take(reader, 16));
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  end();
}

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
    record_link_hangup(&r, NULL, NULL, 1, 2);
    memcpy(r.as.hangup.units, units[i], sizeof units[i]);
    r.as.hangup.present = 1;
    publish_raw(&r);
  }
  record_link_hangup(&r, NULL, NULL, 1, 2);
  r.as.hangup.present = 4;
  publish_raw(&r);
  record_link_hangup(&r, NULL, NULL, 1, 2);
  r.as.hangup.units[0] = 1; /* a string in an absent half */
  r.as.header.bytes += 2;
  publish_raw(&r);
  record_link_hangup(&r, NULL, NULL, 1, 2);
  r.as.header.bytes = 160;
  publish_raw(&r);
  const taken *t = take(reader, 64);
  CHECK_EQ(t->drained.entries, 1);
  check_gap(t, 0, 1, 8, 1);
  CHECK_EQ(t->drained.position, tail());
  check_gap(take(reader, 64), 0, 11, 8, 1);
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
  CHECK(!write_hangup(&writer, 2, 0));
  const taken *t = take(reader, 16);
  CHECK_EQ(number_at(t, 0), 1);
  CHECK_EQ(gap_at(t, 1).exact, 1); /* the writer has counted its own */
  t = take(reader, 16);
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
  memset(ring_at(&writer, 64), 0xA5, 512);
  *ring_word(&writer, 0) = 0;
  for (int i = 0; i < 3; i++) {
    reader = open_reader(path);
    take(reader, 16);
    CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
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
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(number_at(t, 0), 0);
  CHECK_EQ(gap_at(t, 1).exact, 0);
  CHECK_EQ(number_at(t, 2), 3);
  end();
}

static void hole_to_the_end(void) {
  begin();
  writer.header->tail = 4096 + 640;
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

static void stale_claim(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  commit(reader, take(reader, 16));
  /* A writer that read tail before all this would claim the place that is free again. */
  uint64_t now = tail();
  writer.header->tail = 0;
  CHECK(!write_hangup(&writer, 2, 0));
  CHECK_EQ(*ring_word(&writer, 0), 0);
  writer.header->tail = now;
  CHECK(write_hangup(&writer, 3, 0));
  end();
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
    {"drain() returns nothing when the journal is empty", empty, 0},
    {"drain() returns a record and commit() clears it", one, 0},
    {"drain() goes on where it stopped when entries_max ended it", batches, 0},
    {"drain() says so when the buffer holds no entry", small_buffer, 0},
    {"drain() gives a claim up when its writer does not finish", claimed, 0},
    {"drain() gives a claim up when its writer died before moving tail", claimed_before_tail, 0},
    {"writer_write() passes by a claim when tail was not moved", helped_on, 0},
    {"drain() takes a record when its writer finishes in time", finished_late, 0},
    {"drain() passes by an abandoned record", abandoned, 0},
    {"drain() counts an abandoned record once when readers die", abandoned_is_counted_once, 0},
    {"drain() skips a record exactly when its checksum is wrong", bad_checksum, 0},
    {"drain() rejects lengths that do not add up", lengths_are_checked, 0},
    {"drain() passes on unknown types and versions", unknown_passes, 0},
    {"drain() clears garbage at the tail so that writers go on", garbage_at_tail, 0},
    {"drain() resynchronizes when garbage stands between records", garbage_between, 0},
    {"drain() counts a resynchronization once when readers die", resync_is_counted_once, 0},
    {"drain() resynchronizes when there is a hole", hole, 0},
    {"drain() goes to tail when everything before it is missing", hole_to_the_end, 0},
    {"drain() repairs a tail that cannot be right", mad_tail, 0},
    {"writer_write() takes a claim back when it came too late", stale_claim, 0},
    {"drain() says so when the header changes under it", changed_identity, 0},
    {"journal_open() moves tail over records that are younger", recovered_tail, 0},
};

TESTS_MAIN(tests)
