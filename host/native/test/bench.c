/*
 * bench.c - what a callout costs, as medians and ratios taken in one run. Prints JSON.
 *
 *   copy         a plain copy of the two structures and the clock's time into the next place of a
 *                mapped ring as large as the journal
 *   hotCopy      the same, always to the same place, which stays in the nearest cache
 *   callout      MprAdminLinkHangupNotification, reader awake
 *   asleep       the same, a reader sleeping: the wake-up included
 *   wake         a bare futex wake-up of a sleeping thread
 *   threads      callouts of four threads at once against one, events per second
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "onhook.h"
#include "platform.h"
#include "ras.h"

#define ROUNDS 201
#define BATCH 500
#define WAKES 2000
#define THREAD_CALLS 60000

static onhook_ras_port_0 port0;
static onhook_ras_port_1 port1;
static char path[64];
static onhook_reader *reader;
static uint64_t stop; /* atomic */

static int compare(const void *a, const void *b) {
  double x = *(const double *)a;
  double y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double *values, size_t count) {
  qsort(values, count, sizeof values[0], compare);
  return values[count / 2];
}

static void copy_once(uint8_t *to) {
  memcpy(to, &port0, sizeof port0);
  memcpy(to + sizeof port0, &port1, sizeof port1);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  memcpy(to + sizeof port0 + sizeof port1, &now, sizeof now);
  __asm__ volatile("" : : "r"(to) : "memory");
}

static void drain_all(void) {
  static uint64_t buffer[1 << 16];
  onhook_drained d = {0};
  do {
    onhook_reader_drain(reader, (uint8_t *)buffer, sizeof buffer, UINT32_MAX, &d);
    onhook_reader_commit(reader, d.position, d.lost_total);
  } while (d.entries > 0);
}

static void set_text(uint16_t *to, const char *text) {
  for (; *text != '\0'; text++) {
    *to++ = (uint8_t)*text;
  }
}

typedef struct costs {
  double hot_copy;
  double copy;
  double callout;
} costs;

static uint8_t *make_ring(void) {
  uint8_t *ring = mmap(NULL, ONHOOK_CAPACITY_DEFAULT, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ring == MAP_FAILED) {
    exit(1);
  }
  memset(ring, 1, ONHOOK_CAPACITY_DEFAULT);
  return ring;
}

/* In turns, so that what disturbs one disturbs the others. */
static costs measure_callout(void) {
  static double a[ROUNDS], b[ROUNDS], c[ROUNDS];
  static uint8_t buffer[512];
  uint8_t *ring = make_ring();
  uint64_t at = 0;
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t t0 = platform_monotonic_ns();
    for (int i = 0; i < BATCH; i++) {
      copy_once(buffer);
    }
    uint64_t t1 = platform_monotonic_ns();
    for (int i = 0; i < BATCH; i++, at += 512) {
      copy_once(ring + at % ONHOOK_CAPACITY_DEFAULT);
    }
    uint64_t t2 = platform_monotonic_ns();
    for (int i = 0; i < BATCH; i++) {
      MprAdminLinkHangupNotification(&port0, &port1);
    }
    uint64_t t3 = platform_monotonic_ns();
    a[round] = (double)(t1 - t0) / BATCH;
    b[round] = (double)(t2 - t1) / BATCH;
    c[round] = (double)(t3 - t2) / BATCH;
    drain_all();
  }
  return (costs){median(a, ROUNDS), median(b, ROUNDS), median(c, ROUNDS)};
}

static void *sleep_and_drain(void *argument) {
  (void)argument;
  while (__atomic_load_n(&stop, __ATOMIC_SEQ_CST) == 0) {
    if (onhook_reader_wait(reader, 1000) == ONHOOK_OK) {
      drain_all();
    }
  }
  return NULL;
}

static double measure_asleep(void) {
  static double values[WAKES];
  pthread_t thread;
  pthread_create(&thread, NULL, sleep_and_drain, NULL);
  for (int i = 0; i < WAKES; i++) {
    struct timespec pause = {.tv_nsec = 200000};
    nanosleep(&pause, NULL);
    uint64_t start = platform_monotonic_ns();
    MprAdminLinkHangupNotification(&port0, &port1);
    values[i] = (double)(platform_monotonic_ns() - start);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
  onhook_reader_interrupt(reader);
  pthread_join(thread, NULL);
  __atomic_store_n(&stop, 0, __ATOMIC_SEQ_CST);
  return median(values, WAKES);
}

static uint32_t bare; /* atomic: 1 while the thread sleeps */

static void *sleep_bare(void *argument) {
  (void)argument;
  while (__atomic_load_n(&stop, __ATOMIC_SEQ_CST) == 0) {
    __atomic_store_n(&bare, 1, __ATOMIC_SEQ_CST);
    struct timespec limit = {.tv_sec = 1};
    syscall(SYS_futex, &bare, FUTEX_WAIT, 1, &limit, NULL, 0);
  }
  return NULL;
}

static double measure_bare_wake(void) {
  static double values[WAKES];
  pthread_t thread;
  pthread_create(&thread, NULL, sleep_bare, NULL);
  for (int i = 0; i < WAKES; i++) {
    struct timespec pause = {.tv_nsec = 200000};
    nanosleep(&pause, NULL);
    uint64_t start = platform_monotonic_ns();
    __atomic_store_n(&bare, 0, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &bare, FUTEX_WAKE, 1, NULL, NULL, 0);
    values[i] = (double)(platform_monotonic_ns() - start);
  }
  __atomic_store_n(&stop, 1, __ATOMIC_SEQ_CST);
  __atomic_store_n(&bare, 0, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &bare, FUTEX_WAKE, 1, NULL, NULL, 0);
  pthread_join(thread, NULL);
  __atomic_store_n(&stop, 0, __ATOMIC_SEQ_CST);
  return median(values, WAKES);
}

static void *call_many(void *argument) {
  uint32_t calls = *(uint32_t *)argument;
  for (uint32_t i = 0; i < calls; i++) {
    MprAdminLinkHangupNotification(&port0, &port1);
  }
  return NULL;
}

static double events_per_second(int threads) {
  static double values[7];
  for (int round = 0; round < 7; round++) {
    uint32_t calls = THREAD_CALLS / (uint32_t)threads;
    pthread_t thread[4];
    uint64_t start = platform_monotonic_ns();
    for (int i = 0; i < threads; i++) {
      pthread_create(&thread[i], NULL, call_many, &calls);
    }
    for (int i = 0; i < threads; i++) {
      pthread_join(thread[i], NULL);
    }
    values[round] = THREAD_CALLS * 1e9 / (double)(platform_monotonic_ns() - start);
    drain_all();
  }
  return median(values, 7);
}

int main(void) {
  snprintf(path, sizeof path, "/dev/shm/onhook-bench-%d", (int)getpid());
  setenv("ONHOOK_JOURNAL", path, 1);
  unsetenv("ONHOOK_JOURNAL_BYTES");
  port0.total_calls = 4;
  set_text(port0.port_name, "VPN2-127");
  set_text(port0.media_name, "rastapi");
  set_text(port0.device_name, "WAN Miniport (SSTP)");
  set_text(port0.device_type, "vpn");
  MprAdminInitializeDll();
  if (onhook_reader_open(path, 0, &reader) != ONHOOK_OK) {
    fprintf(stderr, "Cannot open the journal %s\n", path);
    return 1;
  }
  events_per_second(1); /* touches every page of the ring once, and warms up */
  for (int i = 0; i < 2; i++) {
    events_per_second(1);
  }
  costs c = measure_callout();
  double asleep = measure_asleep();
  double wake = measure_bare_wake();
  double one = events_per_second(1);
  double four = events_per_second(4);
  onhook_statistics s = {0};
  onhook_reader_statistics(reader, &s);
  printf("{\"hotCopyNs\": %.1f, \"copyNs\": %.1f, \"calloutNs\": %.1f, "
         "\"calloutToCopy\": %.2f, \"calloutToHotCopy\": %.2f, "
         "\"asleepNs\": %.0f, \"bareWakeNs\": %.0f, \"asleepRatio\": %.2f, "
         "\"eventsPerSecond1Thread\": %.0f, \"eventsPerSecond4Threads\": %.0f, "
         "\"lost\": %llu}\n",
         c.hot_copy, c.copy, c.callout, c.callout / c.copy, c.callout / c.hot_copy, asleep, wake,
         asleep / wake, one, four, (unsigned long long)s.lost_total);
  onhook_reader_close(reader);
  MprAdminTerminateDll();
  unlink(path);
  return 0;
}
