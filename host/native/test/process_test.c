/* process_test.c - what the library says of processes. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support.h"

#define MIB (UINT64_C(1) << 20)

static onhook_process_statistics_t measure(pid_t process) {
  onhook_process_statistics_t s = {0};
  CHECK_EQ(onhook_process_statistics((uint32_t)process, &s), ONHOOK_OK);
  return s;
}

static uint64_t own_cpu_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* A child that takes 64 MiB and 300 ms of a processor, says so, and sleeps. */
static pid_t start_busy(int *said) {
  int ends[2];
  CHECK_EQ(pipe(ends), 0);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    /* A name that looks like the fields behind it. */
    prctl(PR_SET_NAME, ") Z 1 (2 3)");
    void *memory = mmap(NULL, 64 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      _exit(1);
    }
    memset(memory, 1, 64 * MIB);
    while (own_cpu_us() < 300000) {
    }
    if (write(ends[1], "x", 1) != 1) {
      _exit(1);
    }
    pause();
  }
  *said = ends[0];
  return child;
}

static void child_and_its_end(void) {
  onhook_process_statistics_t own = measure(getpid());
  CHECK(own.resident_bytes > MIB / 2);
  CHECK(own.cpu_us < 60000000);
  int said;
  pid_t child = start_busy(&said);
  char byte;
  CHECK_EQ(read(said, &byte, 1), 1);
  onhook_process_statistics_t s = measure(child);
  CHECK(s.resident_bytes > 64 * MIB);
  CHECK(s.resident_bytes < 64 * MIB + own.resident_bytes + 16 * MIB);
  CHECK(s.cpu_us > 200000);
  CHECK(s.cpu_us < 20000000);
  CHECK_EQ(kill(child, SIGKILL), 0);
  siginfo_t ended;
  CHECK_EQ(waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT), 0);
  CHECK_EQ(onhook_process_statistics((uint32_t)child, &s), ONHOOK_NO_PROCESS);
  CHECK_EQ(waitpid(child, NULL, 0), child);
  CHECK_EQ(onhook_process_statistics((uint32_t)child, &s), ONHOOK_NO_PROCESS);
  onhook_error_info info;
  onhook_last_error(NULL, 0, &info);
  CHECK_EQ(info.code, ONHOOK_NO_PROCESS);
  CHECK_EQ(info.process_id, child);
  CHECK(error_has("there is none"));
}

static void grows(void) {
  uint64_t before = measure(getpid()).cpu_us;
  uint64_t until = own_cpu_us() + 200000;
  while (own_cpu_us() < until) {
  }
  CHECK(measure(getpid()).cpu_us >= before + 150000);
}

static void bad_arguments(void) {
  onhook_process_statistics_t s = {.resident_bytes = 5};
  CHECK_EQ(onhook_process_statistics(0, &s), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_process_statistics(1, NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_process_statistics(UINT32_MAX, &s), ONHOOK_NO_PROCESS);
  CHECK_EQ(onhook_process_statistics(INT32_MAX, &s), ONHOOK_NO_PROCESS);
  CHECK_EQ(s.resident_bytes, 5);
}

static const test tests[] = {
    {"process_statistics() sees a child when it works, is killed and is waited for",
     child_and_its_end, 60},
    {"process_statistics() counts time when the processor is used", grows, 60},
    {"process_statistics() refuses when no process can have that number", bad_arguments, 0},
};

TESTS_MAIN(tests)
