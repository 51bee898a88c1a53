/* commit_test.c - a reader that is killed in the middle of a commit, at each of its steps. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "hooks.h"
#include "support.h"

static const char *path;
static int place;

static void commit_and_die(void *argument) {
  (void)argument;
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 150);
  kill_at(place, 1);
  commit(r, t);
}

/* The ring is filled, so that the 150 records are followed by others and by a gap. */
static void killed_at(int where) {
  place = where;
  path = new_path();
  journal j = open_writer(path);
  journal_header *h = j.header;
  h->tail = h->head = h->release = SMALL - 256 * 70; /* the released part goes around */
  uint32_t written = 0;
  while (write_hangup(&j, written, 0)) {
    written++;
  }
  CHECK_EQ(written, SMALL / 256);
  int status = in_process(commit_and_die, NULL);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  bool noted = h->release != h->head || h->head != SMALL - 256 * 70;
  CHECK(noted);
  onhook_reader *r = open_reader(path);
  CHECK_EQ(h->head, h->release);
  CHECK_EQ(h->head, SMALL - 256 * 70 + 150 * 256);
  /* What was given back is free, and writers can go on while the rest is read. */
  for (uint32_t i = 0; i < 100; i++) {
    CHECK(write_hangup(&j, written + i, 0));
  }
  const taken *t = take(r, 4096);
  uint32_t at = 0;
  for (uint32_t i = 0; i < t->drained.entries; i++) {
    if (entry_at(t, i).type == ENTRY_GAP) {
      CHECK_EQ(gap_at(t, i).lost, 1);
      CHECK_EQ(gap_at(t, i).exact, 1);
      continue;
    }
    CHECK_EQ(number_at(t, i), 150 + at);
    at++;
  }
  CHECK_EQ(at, written - 150 + 100);
  commit(r, t);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  for (uint64_t i = 0; i < SMALL + JOURNAL_SLACK_BYTES; i++) {
    CHECK_EQ(j.ring[i], 0);
  }
  journal_close(&j);
}

static void noted(void) { killed_at(HOOK_RELEASE_NOTED); }
static void half(void) { killed_at(HOOK_RELEASE_HALF); }
static void cleared(void) { killed_at(HOOK_RELEASE_CLEARED); }
static void released(void) { killed_at(HOOK_RELEASED); }

static void drain_and_die(void *argument) {
  (void)argument;
  onhook_reader *r = open_reader(path);
  kill_at(HOOK_RECORD_COUNTED, 1);
  take(r, 16);
}

/* Killed between counting a damaged record and marking it: counted again, never forgotten. */
static void counted(void) {
  path = new_path();
  journal j = open_writer(path);
  CHECK(write_hangup(&j, 1, 0));
  CHECK(write_hangup(&j, 2, 0));
  ring_at(&j, 0)[70] ^= 4;
  int status = in_process(drain_and_die, NULL);
  CHECK(WIFSIGNALED(status));
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 16);
  uint64_t lost = 0;
  for (uint32_t i = 0; i < t->drained.entries; i++) {
    lost += entry_at(t, i).type == ENTRY_GAP ? gap_at(t, i).lost : 0;
  }
  CHECK_EQ(lost, 1); /* the first; the second comes with the next drain */
  CHECK_EQ(j.header->lost.total, 2);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal_close(&j);
}

static void acknowledged_later(void) {
  path = new_path();
  journal j = open_writer(path);
  onhook_reader *r = open_reader(path);
  for (uint32_t i = 0; i < 10; i++) {
    CHECK(write_hangup(&j, i, 0));
  }
  uint64_t first = take(r, 4)->drained.position;
  uint64_t second = take(r, 4)->drained.position;
  CHECK_EQ(onhook_reader_commit(r, second, 0), ONHOOK_OK);
  CHECK_EQ(onhook_reader_commit(r, first, 0), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_commit(r, second, 0), ONHOOK_OK);
  CHECK_EQ(onhook_reader_commit(r, second + 64, 0), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(number_at(take(r, 4), 0), 8);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  r = open_reader(path);
  CHECK_EQ(number_at(take(r, 4), 0), 8);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal_close(&j);
}

static const test tests[] = {
    {"open() finishes a release when its reader died after noting it", noted, 0},
    {"open() finishes a release when its reader died half way", half, 0},
    {"open() finishes a release when its reader died before moving head", cleared, 0},
    {"open() goes on when its reader died after moving head", released, 0},
    {"drain() forgets no loss when its reader died while counting", counted, 0},
    {"commit() goes forward only", acknowledged_later, 0},
};

TESTS_MAIN(tests)
