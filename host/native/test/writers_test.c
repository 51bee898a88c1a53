/* writers_test.c - several threads, several processes, and processes that are killed. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks.h"
#include "support.h"

#define WRITERS 4

static uint32_t per_writer = 20000;
static uint64_t refused; /* atomic */
static uint64_t done;    /* atomic */

/* Event numbers are `writer << 24 | count`. */
static void write_all(const journal *j, uint32_t who) {
  for (uint32_t i = 0; i < per_writer; i++) {
    if (!write_hangup(j, who << 24 | i, i % 120)) {
      add_seq(&refused, 1);
    }
  }
}

static void *run_writer(void *argument) {
  write_all(&writer, (uint32_t)(uintptr_t)argument);
  add_seq(&done, 1);
  return NULL;
}

typedef struct tally {
  uint64_t seen;
  uint64_t lost;
  int64_t last[WRITERS];
} tally;

/* Places that were taken and not claimed: how many is not known. */
static bool may_be_inexact;

/* Takes what is there; each writer's numbers must rise. */
static void take_and_check(tally *all) {
  const taken *t = take(reader, 256);
  for (uint32_t i = 0; i < t->drained.entries; i++) {
    if (entry_at(t, i).type == ENTRY_GAP) {
      CHECK(gap_at(t, i).exact == 1 || may_be_inexact);
      all->lost += gap_at(t, i).lost;
      continue;
    }
    uint32_t number = number_at(t, i);
    CHECK(number >> 24 < WRITERS);
    CHECK((int64_t)(number & 0xFFFFFF) > all->last[number >> 24]);
    all->last[number >> 24] = (int64_t)(number & 0xFFFFFF);
    all->seen++;
  }
  commit(reader, t);
}

static tally new_tally(void) { return (tally){.last = {-1, -1, -1, -1}}; }

static void threads(void) {
  begin();
  pthread_t thread[WRITERS];
  for (uintptr_t i = 0; i < WRITERS; i++) {
    CHECK_EQ(pthread_create(&thread[i], NULL, run_writer, (void *)i), 0);
  }
  tally all = new_tally();
  while (load_seq(&done) < WRITERS || onhook_reader_wait(reader, 0) == ONHOOK_OK) {
    onhook_reader_wait(reader, 5);
    take_and_check(&all);
  }
  for (int i = 0; i < WRITERS; i++) {
    pthread_join(thread[i], NULL);
  }
  take_and_check(&all);
  CHECK_EQ(all.lost, load_seq(&refused));
  CHECK_EQ(all.seen + all.lost, (uint64_t)WRITERS * per_writer);
  CHECK_EQ(writer.header->lost.reason[LOST_DAMAGED], 0);
  end();
}

static uint64_t consumed; /* atomic */

static void *run_slowly(void *argument) {
  (void)argument;
  for (uint32_t i = 0; i < 2000; i++) {
    CHECK(write_hangup(&writer, i, 5));
    while (load_seq(&consumed) <= i) {
      sched_yield();
    }
    /* The reader falls asleep about now: write a little before, a little after. */
    for (uint32_t spin = 0; spin < i % 64 * 50; spin++) {
      __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
  }
  return NULL;
}

/* The reader looks by itself every 500 ms: one wake-up in a hundred lost would take 10 s. */
static void wakes(void) {
  begin();
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_slowly, NULL), 0);
  uint64_t start = platform_monotonic_ns();
  while (load_seq(&consumed) < 2000) {
    CHECK_EQ(onhook_reader_wait(reader, ONHOOK_WAIT_FOREVER), ONHOOK_OK);
    const taken *t = take(reader, 9);
    commit(reader, t);
    add_seq(&consumed, t->drained.entries);
  }
  CHECK(platform_monotonic_ns() - start < UINT64_C(8000000000));
  pthread_join(thread, NULL);
  end();
}

static void *run_interrupts(void *argument) {
  while (load_seq(&done) == 0) {
    platform_sleep_ms(1);
    onhook_reader_interrupt(argument);
  }
  return NULL;
}

static void interrupts(void) {
  begin();
  CHECK_EQ(onhook_reader_interrupt(reader), ONHOOK_OK);
  CHECK_EQ(onhook_reader_wait(reader, 5000), ONHOOK_INTERRUPTED);
  CHECK_EQ(onhook_reader_wait(reader, 5), ONHOOK_TIMEOUT);
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_interrupts, reader), 0);
  for (int i = 0; i < 200; i++) {
    CHECK_EQ(onhook_reader_wait(reader, 10000), ONHOOK_INTERRUPTED);
    onhook_statistics s;
    CHECK_EQ(onhook_reader_statistics(reader, &s), ONHOOK_OK);
  }
  store_seq(&done, 1);
  pthread_join(thread, NULL);
  end();
}

static void *run_wait(void *argument) {
  int32_t code;
  do { /* the other thread's wait may be in the way for a moment */
    code = onhook_reader_wait(argument, ONHOOK_WAIT_FOREVER);
  } while (code == ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(code, ONHOOK_INTERRUPTED);
  return NULL;
}

static void out_of_turn(void) {
  begin();
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_wait, reader), 0);
  while (onhook_reader_wait(reader, 0) != ONHOOK_INVALID_ARGUMENT) {
    sched_yield();
  }
  uint64_t buffer[512];
  onhook_drained d;
  CHECK_EQ(onhook_reader_drain(reader, (uint8_t *)buffer, sizeof buffer, 1, &d),
           ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_close(reader), ONHOOK_INVALID_ARGUMENT);
  CHECK(error_has("interrupt it and close again"));
  CHECK_EQ(onhook_reader_commit(reader, 0, 0), ONHOOK_OK); /* may run during a wait */
  CHECK_EQ(onhook_reader_interrupt(reader), ONHOOK_OK);
  pthread_join(thread, NULL);
  end();
}

typedef struct child {
  const char *path;
  uint32_t who;
  int place;
  int times;
} child;

static void run_child(void *argument) {
  const child *c = argument;
  journal j = open_writer(c->path);
  if (c->place != 0) {
    kill_at(c->place, c->times);
  }
  write_all(&j, c->who);
  journal_close(&j);
}

static void processes(void) {
  const char *path = new_path();
  begin_at(path);
  pid_t pid[WRITERS];
  for (uint32_t i = 0; i < WRITERS; i++) {
    pid[i] = fork();
    if (pid[i] == 0) {
      child c = {path, i, 0, 0};
      run_child(&c);
      _exit(0);
    }
  }
  tally all = new_tally();
  int running = WRITERS;
  while (running > 0 || onhook_reader_wait(reader, 0) == ONHOOK_OK) {
    onhook_reader_wait(reader, 5);
    take_and_check(&all);
    while (running > 0 && waitpid(-1, NULL, WNOHANG) > 0) {
      running--;
    }
  }
  CHECK_EQ(all.seen + all.lost, (uint64_t)WRITERS * per_writer);
  CHECK_EQ(all.lost, writer.header->lost.reason[LOST_JOURNAL_FULL]);
  end();
}

/* A process is killed at `place` of its 30th record, while another goes on writing. */
static void killed_at(int place, uint64_t lost, uint32_t from_dead) {
  const char *path = new_path();
  begin_at(path);
  per_writer = 50;
  child dies = {path, 0, place, 30};
  int status = in_process(run_child, &dies);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  child lives = {path, 1, 0, 0};
  CHECK_EQ(in_process(run_child, &lives), 0);
  tally all = new_tally();
  for (int i = 0; i < 4 && all.seen < from_dead + 50; i++) {
    onhook_reader_wait(reader, 1500);
    take_and_check(&all);
  }
  take_and_check(&all);
  CHECK_EQ(all.lost, lost);
  CHECK_EQ(all.last[0], (int64_t)from_dead - 1);
  CHECK_EQ(all.last[1], 49);
  CHECK_EQ(all.seen, from_dead + 50);
  CHECK_EQ(writer.header->lost.reason[LOST_WRITER_DIED], lost);
  end();
}

static void killed_before_claim(void) { killed_at(HOOK_BEFORE_CLAIM, 0, 29); }
static void killed_claimed(void) { killed_at(HOOK_CLAIMED, 1, 29); }
static void killed_tail_moved(void) {
  may_be_inexact = true;
  killed_at(HOOK_TAIL_MOVED, 1, 29);
}
static void killed_copied(void) { killed_at(HOOK_COPIED, 1, 29); }
static void killed_published(void) { killed_at(HOOK_PUBLISHED, 0, 30); }

/* Kills at random moments, not only at those we thought of. */
static void killed_anywhere(void) {
  const char *path = new_path();
  begin_at(path);
  per_writer = 10000000;
  may_be_inexact = true;
  tally all = new_tally();
  uint64_t seed = 7;
  for (int round = 0; round < 40; round++) {
    pid_t pid = fork();
    if (pid == 0) {
      child c = {path, 0, 0, 0};
      run_child(&c);
      _exit(0);
    }
    uint64_t until = platform_monotonic_ns() + 1000000 + next_random(&seed) % 4000000;
    all.last[0] = -1;
    while (platform_monotonic_ns() < until) {
      onhook_reader_wait(reader, 1);
      take_and_check(&all);
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    while (onhook_reader_wait(reader, 0) == ONHOOK_OK) {
      take_and_check(&all);
    }
    /* What is left is at most one place, claimed or not. */
    if (load_acquire(&writer.header->tail) != load_acquire(&writer.header->head)) {
      CHECK_EQ(onhook_reader_wait(reader, 3000), ONHOOK_OK);
      take_and_check(&all);
    }
    CHECK_EQ(load_acquire(&writer.header->tail), load_acquire(&writer.header->head));
  }
  CHECK(writer.header->lost.reason[LOST_WRITER_DIED] <= 40);
  CHECK_EQ(writer.header->lost.reason[LOST_DAMAGED], 0);
  CHECK(all.seen > 1000);
  end();
}

/* A writer that is stopped in the middle for longer than it is waited for, and goes on then. */
static int resume_pipe[2];

static int pause_place;

static void pause_hook(int place) {
  if (place == pause_place) {
    onhook_test_hook = NULL;
    char byte;
    CHECK_EQ(read(resume_pipe[0], &byte, 1), 1);
  }
}

static void *run_paused(void *argument) {
  CHECK(!write_hangup(&writer, (uint32_t)(uintptr_t)argument, 120));
  return NULL;
}

static void finishes_too_late(int place) {
  begin();
  pause_place = place;
  CHECK_EQ(pipe(resume_pipe), 0);
  onhook_test_hook = pause_hook;
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_paused, (void *)1), 0);
  CHECK_EQ(onhook_reader_wait(reader, 3000), ONHOOK_OK);
  const taken *t = take(reader, 9);
  CHECK_EQ(gap_at(t, 0).reasons, 4);
  commit(reader, t);
  CHECK_EQ(write(resume_pipe[1], "x", 1), 1);
  pthread_join(thread, NULL);
  /* It wrote where it no longer had a place. Records there later are whole all the same. */
  for (uint32_t i = 0; i < 1000; i++) {
    write_hangup(&writer, i, 0);
    t = take(reader, 9);
    for (uint32_t e = 0; e < t->drained.entries; e++) {
      CHECK(entry_at(t, e).type == ENTRY_GAP || number_at(t, e) == i);
    }
    commit(reader, t);
  }
  CHECK_EQ(writer.header->lost.reason[LOST_WRITER_DIED], 1);
  CHECK(writer.header->lost.reason[LOST_DAMAGED] < 10);
  end();
}

static void claims_too_late(void) { finishes_too_late(HOOK_CLAIMED); }
static void publishes_too_late(void) { finishes_too_late(HOOK_COPIED); }

static const test tests[] = {
    {"threads: four writers and a reader lose nothing", threads, 60},
    {"threads: a sleeping reader is woken each time", wakes, 0},
    {"threads: interrupt() ends a wait", interrupts, 0},
    {"threads: calls out of turn are refused while a wait runs", out_of_turn, 0},
    {"processes: four writers and a reader lose nothing", processes, 60},
    {"processes: killed before the claim", killed_before_claim, 0},
    {"processes: killed before copying", killed_claimed, 0},
    {"processes: killed between tail and claim", killed_tail_moved, 0},
    {"processes: killed between copying and publishing", killed_copied, 0},
    {"processes: killed before waking", killed_published, 0},
    {"processes: killed anywhere, 40 times", killed_anywhere, 90},
    {"late: a writer that was given up before copying does no harm", claims_too_late, 0},
    {"late: a writer that was given up after copying does no harm", publishes_too_late, 0},
};

TESTS_MAIN(tests)
