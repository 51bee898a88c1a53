/* losses_test.c - a full journal, exact gaps, many laps. */
#define _GNU_SOURCE
#include <pthread.h>
#include <string.h>

#include "losses.h"
#include "support.h"

/* Writes until `lost` have been refused. Returns the number of the next. */
static uint32_t fill(uint32_t number, uint32_t lost) {
  uint32_t refused = 0;
  while (refused < lost) {
    refused += write_hangup(&writer, number++, 0) ? 0 : 1;
  }
  return number;
}

static void full_is_exact(void) {
  begin();
  uint32_t count = fill(0, 1);
  uint32_t written = count - 1;
  CHECK_EQ(written, SMALL / 256);
  CHECK_EQ(writer.header->lost_first_us, 1000000 + written);
  fill(count, 41);
  const taken *t = take(reader, 4096);
  CHECK_EQ(t->drained.entries, written + 1);
  for (uint32_t i = 0; i < written; i++) {
    CHECK_EQ(number_at(t, i), i);
  }
  entry_gap gap = gap_at(t, written);
  CHECK_EQ(gap.lost, 42);
  CHECK_EQ(gap.exact, 1);
  CHECK_EQ(gap.reasons, 1);
  CHECK_EQ(gap.first_us, 1000000 + written);
  CHECK_EQ(gap.last_us, 1000000 + written + 41);
  CHECK_EQ(gap.header.time_us, gap.last_us);
  CHECK_EQ(gap.header.word, 42);
  CHECK_EQ(memcmp(&gap.header.boot, writer.identity.journal_id, 8), 0);
  CHECK_EQ(t->drained.lost_total, 42);
  /* Everything is drained but nothing given back: still full, and the gap goes on. */
  CHECK(!write_hangup(&writer, 5000, 0));
  CHECK_EQ(onhook_reader_wait(reader, 0), ONHOOK_OK);
  const taken *more = take(reader, 16);
  CHECK_EQ(more->drained.entries, 1);
  CHECK_EQ(gap_at(more, 0).lost, 1);
  CHECK_EQ(gap_at(more, 0).header.word, 43);
  CHECK(gap_at(more, 0).first_us >= gap.last_us);
  commit(reader, more);
  CHECK_EQ(writer.header->acknowledged.total, 43);
  CHECK(write_hangup(&writer, 6000, 0));
  end();
}

static void gap_stands_in_order(void) {
  begin();
  uint32_t next = fill(0, 3);
  const taken *t = take(reader, 100);
  CHECK_EQ(t->drained.entries, 100); /* not one of them is the gap */
  CHECK_EQ(number_at(t, 99), 99);
  commit(reader, t);
  for (uint32_t i = 0; i < 50; i++) {
    CHECK(write_hangup(&writer, next + i, 0));
  }
  t = take(reader, 4096);
  uint32_t before = (uint32_t)(SMALL / 256) - 100;
  CHECK_EQ(t->drained.entries, before + 1 + 50);
  CHECK_EQ(gap_at(t, before).lost, 3);
  CHECK_EQ(number_at(t, before - 1), next - 4);
  CHECK_EQ(number_at(t, before + 1), next);
  end();
}

static void uncommitted_gap_comes_again(void) {
  const char *path = new_path();
  writer = open_writer(path);
  fill(0, 7);
  onhook_reader *r = open_reader(path);
  take(r, 4096);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  r = open_reader(path);
  const taken *t = take(r, 4096);
  CHECK_EQ(gap_at(t, t->drained.entries - 1).lost, 7);
  /* Acknowledged without the events. */
  CHECK_EQ(onhook_reader_commit(r, 0, 7), ONHOOK_OK);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  r = open_reader(path);
  t = take(r, 4096);
  CHECK_EQ(t->drained.entries, SMALL / 256);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal_close(&writer);
}

static void second_run_has_its_own_time(void) {
  begin();
  uint32_t next = fill(0, 2);
  commit(reader, take(reader, 4096));
  next = fill(next, 1);
  const taken *t = take(reader, 4096);
  entry_gap gap = gap_at(t, t->drained.entries - 1);
  CHECK_EQ(gap.lost, 1);
  CHECK_EQ(gap.first_us, 1000000 + next - 1);
  CHECK_EQ(gap.last_us, 1000000 + next - 1);
  CHECK_EQ(gap.header.word, 3);
  end();
}

static void reasons_are_told_apart(void) {
  begin();
  losses_count(&writer, &(loss){.reason = LOST_JOURNAL_UNAVAILABLE, .count = 12, .first_us = 5,
                                .last_us = 9});
  entry_gap gap = gap_at(take(reader, 9), 0);
  CHECK_EQ(gap.reasons, 2);
  CHECK_EQ(gap.lost, 12);
  CHECK_EQ(gap.first_us, 5);
  CHECK_EQ(gap.last_us, 9);
  losses_count(&writer, &(loss){.reason = LOST_DAMAGED, .count = 1, .first_us = 11,
                                .last_us = 11, .inexact = true});
  losses_count(&writer, &(loss){.reason = LOST_JOURNAL_FULL, .count = 1, .first_us = 12,
                                .last_us = 12});
  const taken *t = take(reader, 9);
  gap = gap_at(t, 0);
  CHECK_EQ(gap.reasons, 9);
  CHECK_EQ(gap.exact, 0);
  commit(reader, t);
  losses_count(&writer, &(loss){.reason = LOST_JOURNAL_FULL, .count = 1, .first_us = INT64_MAX,
                                .last_us = INT64_MAX});
  gap = gap_at(take(reader, 9), 0);
  CHECK_EQ(gap.exact, 1);
  CHECK(gap.last_us <= INT64_C(253402300799999999)); /* the year 9999 */
  end();
}

static void many_laps(void) {
  begin();
  uint64_t seed = 1;
  uint32_t written = 0;
  uint32_t read = 0;
  while (writer.header->tail < SMALL * 200) {
    uint32_t batch = (uint32_t)(next_random(&seed) % 150);
    for (uint32_t i = 0; i < batch; i++) {
      CHECK(write_hangup(&writer, written++, (unsigned)(next_random(&seed) % 130)));
    }
    const taken *t = take(reader, 4096);
    CHECK_EQ(t->drained.entries, batch);
    for (uint32_t i = 0; i < batch; i++) {
      CHECK_EQ(number_at(t, i), read++);
    }
    commit(reader, t);
  }
  CHECK_EQ(writer.header->lost.total, 0);
  end();
}

/* Filled to the brim with records of all lengths, so that the next never fits exactly. */
static void full_with_odd_lengths(void) {
  begin();
  uint64_t seed = 3;
  uint32_t next = 0; /* to write */
  uint32_t lost = 0; /* since the last gap */
  for (int round = 0; round < 60; round++) {
    for (int refused = 0; refused < 3;) {
      bool written = write_hangup(&writer, next, (unsigned)(next_random(&seed) % 130));
      refused += written ? 0 : 1;
      lost += written ? 0 : 1;
      next += written ? 1 : 0;
      CHECK(writer.header->tail - writer.header->head <= SMALL);
    }
    static uint32_t seen; /* to read */
    const taken *t = take(reader, 1 + (uint32_t)(next_random(&seed) % 400));
    for (uint32_t i = 0; i < t->drained.entries; i++) {
      if (entry_at(t, i).type == ENTRY_GAP) {
        check_gap(t, i, lost, 1, 1);
        lost = 0;
      } else {
        CHECK_EQ(number_at(t, i), seen++);
      }
    }
    commit(reader, t);
  }
  CHECK_EQ(writer.header->lost.reason[LOST_DAMAGED], 0);
  end();
}

/* Long records at every place near the end of the ring, so that one runs into the slack. */
static void runs_into_the_slack(void) {
  for (uint64_t before = 64; before <= 640; before += 64) {
    const char *path = new_path();
    writer = open_writer(path);
    journal_header *h = writer.header;
    h->tail = h->head = h->release = writer.capacity - before;
    onhook_reader *r = open_reader(path);
    for (uint32_t i = 0; i < 3; i++) {
      CHECK(write_hangup(&writer, i, 129));
    }
    const taken *t = take(r, 9);
    CHECK_EQ(t->drained.entries, 3);
    CHECK_EQ(number_at(t, 2), 2);
    commit(r, t);
    for (uint64_t at = 0; at < writer.capacity + JOURNAL_SLACK_BYTES; at++) {
      CHECK_EQ(writer.ring[at], 0);
    }
    CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
    journal_close(&writer);
  }
}

static uint64_t finished; /* atomic */

/* Who may write to the file may write anything: a total that falls. */
static void *run_falling_total(void *argument) {
  (void)argument;
  for (uint64_t total = 1; load_seq(&finished) == 0; total++) {
    store_seq(&writer.header->lost.total, total);
    store_seq(&writer.header->lost.total, 0);
  }
  return NULL;
}

static void total_that_falls(void) {
  begin();
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_falling_total, NULL), 0);
  uint32_t gaps = 0;
  uint64_t until = platform_monotonic_ns() + UINT64_C(300000000);
  while (gaps < 2000 && platform_monotonic_ns() < until) {
    const taken *t = take(reader, 16);
    for (uint32_t i = 0; i < t->drained.entries; i++, gaps++) {
      CHECK(gap_at(t, i).lost > 0 && gap_at(t, i).lost <= INT64_MAX);
    }
  }
  store_seq(&finished, 1);
  pthread_join(thread, NULL);
  CHECK(gaps > 0);
  end();
}

static const test tests[] = {
    {"writer_write() counts exactly when the journal is full", full_is_exact, 0},
    {"writer_write() never writes over what is unread", full_with_odd_lengths, 0},
    {"drain() puts the gap where the events are missing", gap_stands_in_order, 0},
    {"drain() reports a gap again when it was not committed", uncommitted_gap_comes_again, 0},
    {"drain() gives each gap its own times", second_run_has_its_own_time, 0},
    {"drain() tells the reasons of a gap", reasons_are_told_apart, 0},
    {"writer and reader agree over 200 laps", many_laps, 0},
    {"writer_write() runs into the slack when near the end", runs_into_the_slack, 0},
    {"drain() makes no gap of fewer than none when the total falls", total_that_falls, 0},
};

TESTS_MAIN(tests)
