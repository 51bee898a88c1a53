/* moment_test.c - the time of an event from ticks: what it may be, and when the clock is read. */
#include <pthread.h>

#include "moment.h"
#include "support.h"

/* How far a time may be behind the clock; see moment.h. */
#define BEHIND_US 5
/* 2600 ticks a microsecond. */
#define RATE (UINT64_MAX / 2600 + 1)

static void from_a_reading(void) {
  moment m = {.sequence = 2, .ticks = 1000000, .time_us = 5000000, .rate = RATE};
  int64_t time_us;
  CHECK(moment_from_last(&m, 1000000, &time_us));
  CHECK_EQ(time_us, 5000000);
  CHECK(moment_from_last(&m, 1000000 + 2600 * 700, &time_us));
  CHECK_EQ(time_us, 5000700);
  CHECK(moment_from_last(&m, 1000000 + MOMENT_TICKS_MAX - 1, &time_us));
  CHECK_EQ(time_us, 5000000 + (int64_t)((MOMENT_TICKS_MAX - 1) / 2600));
  m.time_us = -7; /* a clock before 1970 */
  CHECK(moment_from_last(&m, 1000000 + 2600, &time_us));
  CHECK_EQ(time_us, -6);
}

static void not_from_a_reading(void) {
  int64_t time_us;
  moment none = {0};
  CHECK(!moment_from_last(&none, 0, &time_us));
  CHECK(!moment_from_last(&none, 1, &time_us));
  moment m = {.sequence = 2, .ticks = 1000000, .time_us = 5000000, .rate = RATE};
  CHECK(!moment_from_last(&m, 1000000 + MOMENT_TICKS_MAX, &time_us)); /* too old */
  CHECK(!moment_from_last(&m, 999999, &time_us)); /* another processor's ticks, or a restart */
  CHECK(!moment_from_last(&m, 0, &time_us));
  CHECK(!moment_from_last(&m, UINT64_MAX, &time_us));
  m.rate = 0;
  CHECK(!moment_from_last(&m, 1000001, &time_us));
  m.rate = RATE;
  m.sequence = 3; /* being written, perhaps by a thread that died */
  CHECK(!moment_from_last(&m, 1000001, &time_us));
  int64_t before = platform_time_us();
  CHECK(moment_time_us(&m, 1000001) >= before);
  CHECK_EQ(m.sequence, 3);
}

static moment shared;

/* Tells the time for `ms`; how often is returned. */
static uint64_t tell(uint32_t ms) {
  uint64_t until = platform_monotonic_ns() + ms * UINT64_C(1000000);
  uint64_t calls = 0;
  int64_t last = 0;
  for (; platform_monotonic_ns() < until; calls++) {
    int64_t before = platform_time_us();
    int64_t told = moment_time_us(&shared, platform_ticks());
    int64_t after = platform_time_us();
    CHECK(told >= before - BEHIND_US && told <= after);
    /* Another thread's reading may be taken instead of one's own. */
    CHECK(told >= last - BEHIND_US);
    last = told;
  }
  return calls;
}

static void keeps_to_the_clock(void) {
  moment_read_clock(&shared);
  tell(50);
  CHECK(shared.rate != 0); /* learned by now */
  uint64_t readings = shared.sequence / 2;
  uint64_t ticks = platform_ticks();
  uint64_t calls = tell(200);
  readings = shared.sequence / 2 - readings;
  CHECK(readings >= 2);
  CHECK(readings <= (platform_ticks() - ticks) / MOMENT_TICKS_MAX + 1);
  CHECK(readings < calls);
}

static void *run_tell(void *argument) {
  (void)argument;
  tell(300);
  return NULL;
}

static void threads(void) {
  pthread_t thread[4];
  for (int i = 0; i < 4; i++) {
    CHECK_EQ(pthread_create(&thread[i], NULL, run_tell, NULL), 0);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(thread[i], NULL);
  }
  CHECK_EQ(shared.sequence % 2, 0);
}

static const test tests[] = {
    {"moment_from_last() counts ticks when the last reading is young", from_a_reading, 0},
    {"moment_from_last() refuses when the last reading does not reach", not_from_a_reading, 0},
    {"moment_time_us() keeps to the clock and seldom reads it", keeps_to_the_clock, 0},
    {"threads: moment_time_us() keeps to the clock", threads, 0},
};

TESTS_MAIN(tests)
