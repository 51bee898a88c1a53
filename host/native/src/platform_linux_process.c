/* platform_linux_process.c - the rest of the Linux half: what another process uses. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform.h"

/* Fields of /proc/<pid>/stat, counted from 0 at the one behind the name. */
#define STAT_STATE 0
#define STAT_USER_TIME 11
#define STAT_SYSTEM_TIME 12

/* Reads a file of /proc as text. */
static uint32_t read_text(uint32_t process_id, const char *name, char *out, size_t out_bytes) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%" PRIu32 "/%s", process_id, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return (uint32_t)errno;
  }
  ssize_t done;
  do {
    done = read(fd, out, out_bytes - 1);
  } while (done < 0 && errno == EINTR);
  uint32_t failed = done < 0 ? (uint32_t)errno : 0;
  out[done < 0 ? 0 : done] = '\0';
  close(fd);
  return failed;
}

/* The `index`-th word of `text`, or null. Words are one space apart. */
static const char *word_of(const char *text, int index) {
  for (int i = 0; i < index && text != NULL; i++) {
    text = strchr(text, ' ');
    text = text == NULL ? NULL : text + 1;
  }
  return text;
}

static uint64_t number_of(const char *text, int index) {
  const char *word = word_of(text, index);
  return word == NULL ? 0 : strtoull(word, NULL, 10);
}

/* /proc may hide what is there from us. */
static bool is_gone(uint32_t process_id, uint32_t failed) {
  return failed == ESRCH || (failed == ENOENT && kill((pid_t)process_id, 0) != 0 &&
                             errno == ESRCH);
}

uint32_t platform_process_usage(uint32_t process_id, platform_usage *out, bool *gone) {
  char text[1024];
  *gone = process_id > INT32_MAX;
  if (*gone) {
    return ESRCH;
  }
  uint32_t failed = read_text(process_id, "stat", text, sizeof text);
  /* The name is in parentheses and may hold anything, parentheses too. */
  const char *name_end = failed == 0 ? strrchr(text, ')') : NULL;
  if (failed == 0 && (name_end == NULL || name_end[1] != ' ')) {
    failed = EIO;
  }
  if (failed != 0) {
    *gone = is_gone(process_id, failed);
    return failed;
  }
  const char *fields = name_end + 2;
  if (strchr("ZXx", fields[STAT_STATE]) != NULL) {
    *gone = true; /* ended, and not yet waited for */
    return ESRCH;
  }
  uint64_t ticks = number_of(fields, STAT_USER_TIME) + number_of(fields, STAT_SYSTEM_TIME);
  out->cpu_us = ticks * (UINT64_C(1000000) / (uint64_t)sysconf(_SC_CLK_TCK));
  failed = read_text(process_id, "statm", text, sizeof text);
  if (failed != 0) {
    *gone = is_gone(process_id, failed);
    return failed;
  }
  out->resident_bytes = number_of(text, 1) * (uint64_t)sysconf(_SC_PAGESIZE);
  return 0;
}
