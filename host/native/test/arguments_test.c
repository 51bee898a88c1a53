/* arguments_test.c - what each function refuses, and what its error says. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static void bad_arguments(void) {
  onhook_reader *r;
  const char *path = new_path();
  CHECK_EQ(onhook_reader_open(path, 0, NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_open(NULL, 0, &r), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_open("", 0, &r), ONHOOK_INVALID_ARGUMENT);
  static char longer[5000];
  memset(longer, 'a', sizeof longer - 1);
  CHECK_EQ(onhook_reader_open(longer, 0, &r), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_open(path, 65537, &r), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_open(path, 32768, &r), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_open(path, UINT64_C(1) << 31, &r), ONHOOK_INVALID_ARGUMENT);
  CHECK(error_has("a power of two"));
  CHECK_EQ(access(path, F_OK), -1);
  CHECK_EQ(onhook_reader_wait(NULL, 0), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_interrupt(NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_wake_state(NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_commit(NULL, 0, 0), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_statistics(NULL, NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_close(NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_drain(NULL, NULL, 0, 0, NULL), ONHOOK_INVALID_ARGUMENT);
  r = open_reader(path);
  uint64_t buffer[512];
  onhook_drained d;
  uint8_t *bytes = (uint8_t *)buffer;
  CHECK_EQ(onhook_reader_drain(r, bytes + 1, 4000, 1, &d), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_drain(r, bytes, 4000, 0, &d), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_drain(r, NULL, 4000, 1, &d), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_drain(r, bytes, 4000, 1, NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_commit(r, 64, 0), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_commit(r, 0, 1), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_statistics(r, NULL), ONHOOK_INVALID_ARGUMENT);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void cut_text(void) {
  onhook_reader *r;
  CHECK_EQ(onhook_reader_open("/nonexistent/\xC3\xA4\xC3\xA4/x\xE2\x82\xAC", 3, &r),
           ONHOOK_INVALID_ARGUMENT);
  uint8_t text[256];
  uint32_t whole = onhook_last_error(NULL, 0, NULL);
  CHECK_EQ(onhook_last_error(text, sizeof text, NULL), whole);
  uint32_t euro = (uint32_t)((uint8_t *)memmem(text, whole, "\xE2\x82\xAC", 3) - text);
  CHECK_EQ(onhook_last_error(text, euro + 3, NULL), euro + 3);
  CHECK_EQ(onhook_last_error(text, euro + 2, NULL), euro);
  CHECK_EQ(onhook_last_error(text, euro + 1, NULL), euro);
  CHECK_EQ(onhook_last_error(text, 0, NULL), 0);
  /* A path that is longer than the text may be: cut, but not in a character. */
  for (size_t shift = 0; shift < 3; shift++) {
    static char longer[2000];
    memset(longer, 'a', sizeof longer);
    for (size_t at = 100 + shift; at + 3 < sizeof longer; at += 3) {
      memcpy(longer + at, "\xE2\x82\xAC", 4);
    }
    CHECK_EQ(onhook_reader_open(longer, 3, &r), ONHOOK_INVALID_ARGUMENT);
    static uint8_t all[4096];
    uint32_t bytes = onhook_last_error(all, sizeof all, NULL);
    CHECK(bytes > 1000 && memcmp(all + bytes - 3, "\xE2\x82\xAC", 3) == 0);
  }
}

static void system_says_no(void) {
  onhook_reader *r;
  CHECK_EQ(onhook_reader_open("/proc/none/hangup.journal", 0, &r), ONHOOK_OPEN_FAILED);
  onhook_error_info info;
  onhook_last_error(NULL, 0, &info);
  CHECK(info.system_code != 0);
  CHECK_EQ(onhook_reader_open(new_folder(), 0, &r), ONHOOK_OPEN_FAILED);
  CHECK(error_has("directory"));
  char pipe_path[512];
  snprintf(pipe_path, sizeof pipe_path, "%s/pipe", new_folder());
  CHECK_EQ(mkfifo(pipe_path, 0600), 0);
  CHECK_EQ(onhook_reader_open(pipe_path, 0, &r), ONHOOK_OPEN_FAILED);
  CHECK_EQ(onhook_reader_open("/dev/null", 0, &r), ONHOOK_OPEN_FAILED);
}

static const test tests[] = {
    {"each function refuses bad arguments", bad_arguments, 0},
    {"last_error() cuts its text at a character", cut_text, 0},
    {"open() passes on what the system says", system_says_no, 0},
};

TESTS_MAIN(tests)
