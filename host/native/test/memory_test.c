/* memory_test.c - how much of a large journal stays in the memory of its reader. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define MIB (UINT64_C(1) << 20)
#define CAPACITY (64 * MIB)
#define TEXT 129u

static const char *path;
static uint64_t to_write;

/* Bytes of the reader's own mapping that count as this process's memory. */
static uint64_t resident(const onhook_reader *r) {
  uint64_t base = (uint64_t)(uintptr_t)r->journal.header;
  FILE *file = fopen("/proc/self/smaps", "r");
  CHECK(file != NULL);
  char line[1024];
  bool inside = false;
  uint64_t found = UINT64_MAX;
  while (found == UINT64_MAX && fgets(line, sizeof line, file) != NULL) {
    uint64_t from;
    uint64_t to;
    uint64_t kib;
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &from, &to) == 2) {
      inside = from == base;
    } else if (inside && sscanf(line, "Rss: %" SCNu64 " kB", &kib) == 1) {
      found = kib * 1024;
    }
  }
  fclose(file);
  CHECK(found != UINT64_MAX);
  return found;
}

static onhook_reader *open_large(void) {
  path = new_path();
  onhook_reader *r;
  int32_t code = onhook_reader_open(path, CAPACITY, &r);
  if (code == ONHOOK_OPEN_FAILED) {
    harness_skip("there is no room for 64 MiB");
  }
  CHECK_EQ(code, ONHOOK_OK);
  return r;
}

/* Writes numbered hangups up to a position, never more than there is room for. */
static void write_all(void) {
  journal j = open_writer(path);
  uint32_t number = 0;
  while (load_seq(&j.header->tail) < to_write) {
    if (load_seq(&j.header->tail) - load_seq(&j.header->head) > CAPACITY - 4096) {
      usleep(200);
      continue;
    }
    CHECK(write_hangup(&j, number++, TEXT));
  }
  journal_close(&j);
}

static void write_in_process(void *argument) {
  (void)argument;
  write_all();
}

/* Drains once and checks that the numbers go on. */
static const taken *take_numbers(onhook_reader *r, uint32_t *next) {
  const taken *t = take(r, 4096);
  for (uint32_t i = 0; i < t->drained.entries; i++) {
    CHECK_EQ(number_at(t, i), (*next)++);
    CHECK_EQ(t->bytes[t->at[i] + offsetof(entry_link_hangup, port1) + 24],
             (uint8_t)((*next - 1) * 7));
  }
  return t;
}

/* Two and a half laps, the writer in another process and mostly at the reader's heels. */
static void stays_small(void) {
  onhook_reader *r = open_large();
  to_write = 160 * MIB;
  fflush(stdout);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    write_all();
    _exit(0);
  }
  uint64_t most = 0;
  uint32_t next = 0;
  uint64_t position = 0;
  for (uint32_t commits = 0; position < to_write; commits++) {
    const taken *t = take_numbers(r, &next);
    commit(r, t);
    position = t->drained.position;
    if (t->drained.entries == 0) {
      usleep(200);
    } else if (commits % 16 == 0) {
      uint64_t now = resident(r);
      most = now > most ? now : most;
    }
  }
  int status;
  CHECK_EQ(waitpid(child, &status, 0), child);
  CHECK_EQ(status, 0);
  CHECK_EQ(r->journal.header->lost.total, 0);
  printf("# at most %" PRIu64 " KiB of %" PRIu64 " MiB, %" PRIu64 " KiB at the end, %u events\n",
         most / 1024, CAPACITY / MIB, resident(r) / 1024, next);
  CHECK(most < 2 * MIB);
  CHECK(resident(r) < 2 * MIB);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

/* Everything is drained first and given back at once. */
static void committed_late(void) {
  onhook_reader *r = open_large();
  to_write = 48 * MIB;
  CHECK_EQ(in_process(write_in_process, NULL), 0);
  uint32_t next = 0;
  const taken *t;
  uint64_t most = 0;
  uint64_t early = 0;
  do {
    t = take_numbers(r, &next);
    uint64_t now = resident(r);
    most = now > most ? now : most;
    early = t->drained.position <= 3 * MIB ? now : early;
  } while (t->drained.more != 0);
  printf("# %" PRIu64 " KiB at about 3 MiB, at most %" PRIu64 " KiB of 48 MiB\n", early / 1024,
         most / 1024);
  CHECK(early > 2 * MIB); /* that is: it is measured at all */
  CHECK(most < 6 * MIB);
  commit(r, t);
  CHECK(resident(r) < 2 * MIB);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal j = open_writer(path);
  CHECK_EQ(j.header->head, t->drained.position);
  for (uint64_t i = 0; i < CAPACITY + JOURNAL_SLACK_BYTES; i += 8) {
    CHECK_EQ(*(uint64_t *)(void *)(j.ring + i), 0);
  }
  journal_close(&j);
}

/* What is not read yet is not touched, however the ring goes around. */
static void around(void) {
  onhook_reader *r = open_large();
  journal j = open_writer(path);
  j.header->tail = j.header->head = j.header->release = CAPACITY * 3 - 20 * MIB;
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  CHECK_EQ(onhook_reader_open(path, 0, &r), ONHOOK_OK);
  to_write = CAPACITY * 4 - 22 * MIB; /* 62 MiB */
  CHECK_EQ(in_process(write_in_process, NULL), 0);
  uint32_t next = 0;
  const taken *t = take_numbers(r, &next);
  while (t->drained.position < CAPACITY * 3 + 10 * MIB) {
    t = take_numbers(r, &next);
  }
  commit(r, t); /* the ring's end: one call for what is before it */
  CHECK(resident(r) < 16 * MIB);
  t = take_numbers(r, &next);
  commit(r, t); /* and one for what is behind it */
  CHECK(resident(r) < 2 * MIB);
  for (t = take_numbers(r, &next); t->drained.more != 0; t = take_numbers(r, &next)) {
  }
  CHECK_EQ(t->drained.position, load_seq(&j.header->tail));
  commit(r, t);
  CHECK(resident(r) < 2 * MIB);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  journal_close(&j);
}

static const test tests[] = {
    {"commit() leaves little of the journal in memory when events keep coming", stays_small, 120},
    {"commit() leaves little of the journal in memory when it comes late", committed_late, 120},
    {"commit() forgets nothing unread when the ring goes around", around, 120},
};

TESTS_MAIN(tests)
