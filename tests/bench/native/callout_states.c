/*
 * callout_states.c - what a callout costs in the states that a service meets, in turns, each callout
 * timed by itself. Prints JSON: for each state the nanoseconds of one callout in the middle one of
 * all batches, which is finer than the clock, the 99.9th percentile and the longest callout.
 *
 *   ordinary  the reader is there, awake, and keeps up
 *   stopped   the reader is another process, stopped (SIGSTOP) while it slept; it releases nothing
 *   full      the journal is full, so that callouts are counted as lost
 *   disk      as ordinary, while another process writes to the journal's disk and waits for it
 *   calm      the same with that process stopped, as long a pause before each batch included
 *
 * Argument: a folder on the disk that is meant.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "onhook.h"
#include "platform.h"
#include "ras.h"

#define ROUNDS 40
#define CALLS 2500
#define ALL (ROUNDS * CALLS)
#define DISK_BLOCK_BYTES (4u << 20)
#define DISK_FILE_BYTES (128u << 20)
#define PAUSE_US 20000
#define FILL_CALLS_MAX 2000000

static onhook_ras_port_0 port0;
static onhook_ras_port_1 port1;
static char journal[4096];
static char ballast[4096];
static onhook_reader *reader;

typedef struct state {
  uint32_t count;
  uint32_t batches;
  double batch_ns[ROUNDS]; /* one callout of it, on average */
  uint32_t ns[ALL];
} state;

static state ordinary, stopped, full, disk, calm;

static void fail(const char *what) {
  fprintf(stderr, "Cannot measure callouts: %s\n", what);
  exit(1);
}

static void open_reader(void) {
  if (onhook_reader_open(journal, 0, &reader) != ONHOOK_OK) {
    fail("the journal cannot be read");
  }
}

static void drain_all(void) {
  static uint64_t buffer[1 << 16];
  onhook_drained d = {0};
  do {
    onhook_reader_drain(reader, (uint8_t *)buffer, sizeof buffer, UINT32_MAX, &d);
    onhook_reader_commit(reader, d.position, d.lost_total);
  } while (d.entries > 0);
}

static void call_timed(state *s) {
  uint64_t begin = platform_monotonic_ns();
  for (int i = 0; i < CALLS; i++) {
    uint64_t start = platform_monotonic_ns();
    MprAdminLinkHangupNotification(&port0, &port1);
    s->ns[s->count++] = (uint32_t)(platform_monotonic_ns() - start);
  }
  s->batch_ns[s->batches++] = (double)(platform_monotonic_ns() - begin) / CALLS;
}

static void measure_ordinary(state *s) {
  call_timed(s);
  drain_all();
}

/* Another process that becomes the reader for a while whenever it is told to. */
static pid_t other;
static int to_other[2];
static int from_other[2];

/* An alarm stops it once it has fallen asleep. */
static void stop_self(int signal_number) {
  (void)signal_number;
  raise(SIGSTOP);
}

static void read_when_told(void) {
  char word;
  close(to_other[1]);
  signal(SIGALRM, stop_self);
  while (read(to_other[0], &word, 1) == 1) {
    open_reader();
    ualarm(10000, 0);
    onhook_reader_wait(reader, 1000);
    drain_all();
    onhook_reader_close(reader);
    if (write(from_other[1], &word, 1) != 1) {
      break;
    }
  }
  _exit(0);
}

/* Once, and before anything is measured: memory shared after a fork is slow to write to. */
static void start_other(void) {
  if (pipe(to_other) != 0 || pipe(from_other) != 0 || (other = fork()) < 0) {
    fail("there is no other process");
  }
  if (other == 0) {
    read_when_told();
  }
}

static void measure_stopped(state *s) {
  char word = 0;
  int status;
  onhook_reader_close(reader);
  if (write(to_other[1], &word, 1) != 1 || waitpid(other, &status, WUNTRACED) != other ||
      !WIFSTOPPED(status)) {
    fail("the other reader has ended");
  }
  call_timed(s);
  kill(other, SIGCONT);
  if (read(from_other[0], &word, 1) != 1) {
    fail("the other reader has ended");
  }
  open_reader();
  drain_all();
}

static void measure_full(void) {
  onhook_statistics s = {0};
  onhook_reader_statistics(reader, &s);
  uint64_t lost = s.lost_total;
  for (int i = 0; s.lost_total == lost && i < FILL_CALLS_MAX; i++) {
    MprAdminLinkHangupNotification(&port0, &port1);
    onhook_reader_statistics(reader, &s);
  }
  if (s.lost_total == lost) {
    fail("the journal does not get full");
  }
  for (int round = 0; round < ROUNDS; round++) {
    call_timed(&full);
  }
  drain_all();
}

/* Past the system's cache where the disk allows it: that takes next to nothing but the disk. */
static int open_ballast(void) {
  int flags = O_CREAT | O_WRONLY | O_TRUNC;
  int file = open(ballast, flags | O_DIRECT, 0600);
  return file >= 0 ? file : open(ballast, flags, 0600);
}

static pid_t start_writing(void) {
  pid_t child = fork();
  if (child != 0) {
    return child;
  }
  static _Alignas(4096) uint8_t block[DISK_BLOCK_BYTES];
  memset(block, 1, sizeof block);
  int file = open_ballast();
  for (off_t at = 0; file >= 0; at = (at + DISK_BLOCK_BYTES) % DISK_FILE_BYTES) {
    if (pwrite(file, block, sizeof block, at) < 0 || fdatasync(file) != 0) {
      break;
    }
  }
  _exit(1);
}

static void measure_disk(void) {
  pid_t child = start_writing();
  for (int round = 0; round < ROUNDS; round++) {
    /* As long as a write takes, so that the calls meet all that goes on. */
    usleep(PAUSE_US);
    measure_ordinary(&disk);
    kill(child, SIGSTOP);
    usleep(PAUSE_US);
    measure_ordinary(&calm);
    kill(child, SIGCONT);
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

static int compare(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a;
  uint32_t y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static int compare_batches(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void print(const char *name, state *s, const char *behind) {
  qsort(s->ns, s->count, sizeof s->ns[0], compare);
  qsort(s->batch_ns, s->batches, sizeof s->batch_ns[0], compare_batches);
  printf("\"%s\": {\"meanNs\": %.1f, \"p999Ns\": %u, \"maxNs\": %u}%s", name,
         s->batch_ns[s->batches / 2],
         s->ns[(uint64_t)s->count * 999 / 1000], s->ns[s->count - 1], behind);
}

static void set_text(uint16_t *to, const char *text) {
  for (; *text != '\0'; text++) {
    *to++ = (uint8_t)*text;
  }
}

/* The port that bench.c reports too. */
static void set_port(void) {
  port0.total_calls = 4;
  set_text(port0.port_name, "VPN2-127");
  set_text(port0.media_name, "rastapi");
  set_text(port0.device_name, "WAN Miniport (SSTP)");
  set_text(port0.device_type, "vpn");
}

/* Touches every page of the ring and of the results once, and lets the clocks settle. */
static void warm_up(void) {
  state *all[] = {&ordinary, &stopped, &full, &disk, &calm};
  measure_full();
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    memset(all[i], 0, sizeof *all[i]);
  }
  measure_ordinary(&ordinary);
  measure_stopped(&stopped);
  ordinary.count = ordinary.batches = 0;
  stopped.count = stopped.batches = 0;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fail("wanted is a folder");
  }
  snprintf(journal, sizeof journal, "%s/states.journal", arguments[1]);
  snprintf(ballast, sizeof ballast, "%s/ballast", arguments[1]);
  setenv("ONHOOK_JOURNAL", journal, 1);
  unsetenv("ONHOOK_JOURNAL_BYTES");
  set_port();
  start_other();
  MprAdminInitializeDll();
  open_reader();
  warm_up();
  for (int round = 0; round < ROUNDS; round++) {
    measure_ordinary(&ordinary);
    measure_stopped(&stopped);
  }
  measure_disk();
  measure_full();
  onhook_reader_close(reader);
  MprAdminTerminateDll();
  close(to_other[1]);
  printf("{");
  print("ordinary", &ordinary, ", ");
  print("stopped", &stopped, ", ");
  print("full", &full, ", ");
  print("disk", &disk, ", ");
  print("calm", &calm, "}\n");
  return 0;
}
