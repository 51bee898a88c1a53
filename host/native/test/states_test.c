/* states_test.c - every half-written state of the ring, set by hand. */
#include <string.h>

#include "hooks.h"
#include "support.h"

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

/* Behind a place that nobody finishes, what comes next waits until the reader gives that up. */
static void check_given_up(uint32_t exact) {
  CHECK(write_hangup(&writer, 2, 0));
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  CHECK_EQ(t->drained.more, 0);
  CHECK_EQ(onhook_reader_wait(reader, 50), ONHOOK_TIMEOUT);
  wait_out_claim();
  t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 2);
  check_gap(t, 0, 1, 4, exact);
  CHECK_EQ(number_at(t, 1), 2);
  commit(reader, t);
}

static void claimed(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  set_claim(tail(), 256, true);
  check_given_up(1);
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

/* A place that a writer has taken at the tail, and no more. */
static void take_place(uint64_t bytes) { writer.header->tail += bytes; }

static void unclaimed(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 0));
  take_place(256);
  check_given_up(0);
  CHECK_EQ(writer.header->head, tail());
  for (uint64_t at = 0; at < writer.capacity; at++) {
    CHECK_EQ(writer.ring[at], 0);
  }
  end();
}

static void claimed_in_time(void) {
  begin();
  take_place(256);
  CHECK(write_hangup(&writer, 2, 0));
  CHECK_EQ(onhook_reader_wait(reader, 600), ONHOOK_TIMEOUT);
  set_claim(0, 256, false);
  CHECK_EQ(onhook_reader_wait(reader, 600), ONHOOK_TIMEOUT); /* watched anew */
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  *ring_word(&writer, 0) = 0;
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  CHECK_EQ(writer.header->lost.total, 0);
  end();
}

static void left_at_tail(void) {
  begin();
  CHECK(write_hangup(&writer, 1, 9));
  uint64_t right = tail();
  writer.header->tail = 0; /* as a loss of power leaves it */
  CHECK_EQ(number_at(take(reader, 16), 0), 1);
  CHECK_EQ(tail(), right);
  CHECK(write_hangup(&writer, 2, 0));
  CHECK_EQ(number_at(take(reader, 16), 0), 2);
  CHECK_EQ(writer.header->lost.total, 0);
  end();
}

/* What a writer finds where it claims: longer and shorter than its own, and no record at all. */
static void left_where_claimed(void) {
  for (uint64_t kind = 0; kind < 3; kind++) {
    begin();
    *ring_word(&writer, 0) = kind == 2 ? UINT64_C(0xDEADBEEFCAFE1234)
                                       : word_make(WORD_PUBLISHED, kind == 0 ? 4096 : 64, 0);
    CHECK(write_hangup(&writer, 9, 0));
    CHECK(write_hangup(&writer, 10, 0));
    const taken *t = take(reader, 16);
    CHECK_EQ(t->drained.entries, 3);
    check_gap(t, 0, 1, 4, 1);
    CHECK_EQ(number_at(t, 1), 9);
    CHECK_EQ(number_at(t, 2), 10);
    end();
  }
}

/* A writer that died between finding out and saying so. */
static void left_in_the_middle(void) {
  begin();
  take_place(256);
  CHECK(write_hangup(&writer, 2, 0));
  *ring_word(&writer, 0) = word_make(WORD_PUBLISHED, 4096, 0);
  CHECK_EQ(take(reader, 16)->drained.entries, 0);
  CHECK_EQ(onhook_reader_wait(reader, 50), ONHOOK_TIMEOUT);
  wait_out_claim();
  const taken *t = take(reader, 16);
  check_gap(t, 0, 1, 4, 1);
  CHECK_EQ(t->drained.position, tail());
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
    onhook_reader *r = open_reader(path);
    const taken *t = take(r, 16);
    CHECK_EQ(t->drained.entries, 1);
    CHECK_EQ(gap_at(t, 0).lost, 1);
    CHECK_EQ(gap_at(t, 0).header.word, 1);
    CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  }
  CHECK_EQ(writer.header->lost.total, 1);
  onhook_reader *r = open_reader(path);
  commit(r, take(r, 16));
  CHECK_EQ(take(r, 16)->drained.entries, 0);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal_close(&writer);
}

/* What the others do while a writer is held up between reading tail and taking the place. */
static void others_go_on(int place) {
  if (place == HOOK_BEFORE_CLAIM) {
    onhook_test_hook = NULL;
    CHECK(write_hangup(&writer, 1, 0));
    commit(reader, take(reader, 16));
  }
}

static void stale_tail(void) {
  begin();
  onhook_test_hook = others_go_on;
  CHECK(write_hangup(&writer, 2, 0));
  CHECK_EQ(*ring_word(&writer, 0), 0);
  const taken *t = take(reader, 16);
  CHECK_EQ(t->drained.entries, 1);
  CHECK_EQ(number_at(t, 0), 2);
  CHECK_EQ(writer.header->lost.total, 0);
  end();
}

static bool others_commit;

/* The same between taking the place and claiming it: the reader gives the place up. */
static void reader_gives_up(int place) {
  if (place == HOOK_TAIL_MOVED) {
    onhook_test_hook = NULL;
    wait_out_claim();
    const taken *t = take(reader, 16);
    check_gap(t, 0, 1, 4, 0);
    if (others_commit) {
      commit(reader, t);
    }
  }
}

static void stale_claim(void) {
  for (int i = 0; i < 2; i++) {
    begin();
    others_commit = i == 0;
    onhook_test_hook = reader_gives_up;
    CHECK(write_hangup(&writer, 2, 0));
    CHECK_EQ(*ring_word(&writer, 0) & 3, others_commit ? WORD_FREE : WORD_ABANDONED);
    const taken *t = take(reader, 16);
    CHECK_EQ(t->drained.entries, 1);
    CHECK_EQ(number_at(t, 0), 2);
    CHECK_EQ(writer.header->lost.total, 1);
    end();
  }
}

static const test tests[] = {
    {"drain() returns nothing when the journal is empty", empty, 0},
    {"drain() returns a record and commit() clears it", one, 0},
    {"drain() goes on where it stopped when entries_max ended it", batches, 0},
    {"drain() says so when the buffer holds no entry", small_buffer, 0},
    {"drain() gives a claim up when its writer does not finish", claimed, 0},
    {"drain() gives a claim up when its writer died before moving tail", claimed_before_tail, 0},
    {"drain() gives a place up when its writer does not claim it", unclaimed, 0},
    {"drain() waits anew when a place is claimed late", claimed_in_time, 0},
    {"drain() moves tail when a record is left there", left_at_tail, 0},
    {"writer_write() goes elsewhere when its place is not free", left_where_claimed, 0},
    {"drain() cuts a record that is left when its place is another's", left_in_the_middle, 0},
    {"drain() takes a record when its writer finishes in time", finished_late, 0},
    {"drain() passes by an abandoned record", abandoned, 0},
    {"drain() counts an abandoned record once when readers die", abandoned_is_counted_once, 0},
    {"writer_write() starts again when tail has moved on", stale_tail, 0},
    {"writer_write() goes elsewhere when its place was given up", stale_claim, 0},
};

TESTS_MAIN(tests)
