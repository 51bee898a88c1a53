/* platform_linux.c - the Linux half of platform.h: libc and kernel calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "platform.h"

static uint32_t last_error(void) { return errno == 0 ? (uint32_t)EIO : (uint32_t)errno; }

/* -- time, chance, process -- */

int64_t platform_time_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

uint64_t platform_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

void platform_sleep_ms(uint32_t ms) {
  struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
  for (int tries = 0; nanosleep(&left, &left) != 0 && errno == EINTR && tries < 1000; tries++) {
  }
}

uint32_t platform_process_id(void) { return (uint32_t)getpid(); }

void platform_random(uint8_t *out, size_t bytes) {
  /* Up to 256 bytes getrandom does not fail once the system is up. Before that, and under a filter
     that forbids it, identities only have to differ: time, process and address do that. */
  if (bytes <= 256 && getrandom(out, bytes, GRND_NONBLOCK) == (ssize_t)bytes) {
    return;
  }
  uint64_t state = platform_monotonic_ns() ^ ((uint64_t)platform_time_us() << 20) ^
                   ((uint64_t)platform_process_id() << 40) ^ (uint64_t)(uintptr_t)&state;
  for (size_t at = 0; at < bytes; at++) {
    state = (state ^ (state >> 29)) * UINT64_C(0xBF58476D1CE4E5B9) + 1;
    out[at] = (uint8_t)(state >> 56);
  }
}

/* -- settings -- */

static bool join_path(char *out, size_t out_bytes, const char *first, const char *second) {
  int length = snprintf(out, out_bytes, "%s%s", first, second);
  return length > 0 && (size_t)length < out_bytes;
}

bool platform_journal_path(char *out, size_t out_bytes) {
  const char *path = getenv("ONHOOK_JOURNAL");
  if (path != NULL && path[0] != '\0') {
    return join_path(out, out_bytes, path, "");
  }
  const char *state = getenv("XDG_STATE_HOME");
  if (state != NULL && state[0] == '/') {
    return join_path(out, out_bytes, state, "/onhook/hangup.journal");
  }
  const char *home = getenv("HOME");
  return home != NULL && home[0] == '/' &&
         join_path(out, out_bytes, home, "/.local/state/onhook/hangup.journal");
}

uint64_t platform_journal_bytes(void) {
  const char *text = getenv("ONHOOK_JOURNAL_BYTES");
  return text == NULL ? 0 : strtoull(text, NULL, 10);
}

void platform_error_text(uint32_t code, char *out, size_t out_bytes) {
  char buffer[128];
  snprintf(out, out_bytes, "%s", strerror_r((int)code, buffer, sizeof buffer));
}

/* -- files -- */

bool platform_is_missing(uint32_t code) { return code == ENOENT; }
bool platform_is_there(uint32_t code) { return code == EEXIST; }
bool platform_is_no_memory(uint32_t code) { return code == ENOMEM; }

void platform_close(platform_file file) {
  if (file.handle >= 0) {
    close((int)file.handle);
  }
}

uint32_t platform_open(const char *path, platform_file *out, uint64_t *bytes) {
  *out = PLATFORM_NO_FILE;
  /* O_NONBLOCK: the path may name a pipe or a device, and the service must not hang on it. */
  int fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) {
    return last_error();
  }
  struct stat status;
  uint32_t failed = fstat(fd, &status) != 0 ? last_error() : 0;
  if (failed == 0 && !S_ISREG(status.st_mode)) {
    failed = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
  }
  if (failed != 0) {
    close(fd);
    return failed;
  }
  out->handle = fd;
  *bytes = (uint64_t)status.st_size;
  return 0;
}

static uint32_t write_zeros(int fd, uint64_t bytes) {
  static uint8_t zeros[65536]; /* not const: costs no bytes in the library */
  for (uint64_t at = 0; at < bytes;) {
    uint64_t left = bytes - at;
    ssize_t done = pwrite(fd, zeros, left < sizeof zeros ? (size_t)left : sizeof zeros, (off_t)at);
    if (done <= 0) {
      if (done < 0 && errno == EINTR) {
        continue;
      }
      return last_error();
    }
    at += (uint64_t)done;
  }
  return 0;
}

static uint32_t allocate(int fd, uint64_t bytes, bool *supported) {
  *supported = true;
  for (int tries = 0; tries < 100; tries++) {
    if (fallocate(fd, 0, 0, (off_t)bytes) == 0) {
      return 0;
    }
    if (errno != EINTR) {
      break;
    }
  }
  *supported = errno != EOPNOTSUPP && errno != ENOSYS;
  return last_error();
}

uint32_t platform_create(const char *path, uint64_t bytes, platform_file *out) {
  *out = PLATFORM_NO_FILE;
  int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    return last_error();
  }
  bool supported;
  uint32_t failed = allocate(fd, bytes, &supported);
  if (failed != 0 && !supported) {
    failed = write_zeros(fd, bytes);
  }
  if (failed != 0) {
    close(fd);
    unlink(path);
    return failed;
  }
  out->handle = fd;
  return 0;
}

uint32_t platform_allocate(platform_file file, uint64_t bytes) {
  bool supported;
  uint32_t failed = allocate((int)file.handle, bytes, &supported);
  /* Where space cannot be asked for, the file was written out when it was created. */
  return supported ? failed : 0;
}

uint32_t platform_create_folders(const char *path) {
  char folder[PLATFORM_PATH_BYTES];
  size_t length = strlen(path);
  if (length >= sizeof folder) {
    return ENAMETOOLONG;
  }
  memcpy(folder, path, length + 1);
  for (size_t at = 1; at < length; at++) {
    if (folder[at] != '/') {
      continue;
    }
    folder[at] = '\0';
    if (mkdir(folder, 0700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES) {
      return last_error();
    }
    folder[at] = '/';
  }
  return 0;
}

uint32_t platform_read(platform_file file, void *out, size_t bytes, uint64_t at) {
  for (int tries = 0; tries < 100; tries++) {
    ssize_t done = pread((int)file.handle, out, bytes, (off_t)at);
    if (done == (ssize_t)bytes) {
      return 0;
    }
    if (done >= 0 || errno != EINTR) {
      return done >= 0 ? (uint32_t)EIO : last_error();
    }
  }
  return EINTR;
}

uint32_t platform_write(platform_file file, const void *data, size_t bytes, uint64_t at) {
  for (int tries = 0; tries < 100; tries++) {
    ssize_t done = pwrite((int)file.handle, data, bytes, (off_t)at);
    if (done == (ssize_t)bytes) {
      return 0;
    }
    if (done >= 0 || errno != EINTR) {
      return done >= 0 ? (uint32_t)ENOSPC : last_error();
    }
  }
  return EINTR;
}

uint32_t platform_rename_new(const char *from, const char *to) {
  if (link(from, to) == 0) {
    unlink(from);
    return 0;
  }
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) {
    return last_error();
  }
  /* A file system without hard links. */
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0 ? 0 : last_error();
}

uint32_t platform_delete(const char *path) { return unlink(path) == 0 ? 0 : last_error(); }

bool platform_is_named(platform_file file, const char *path) {
  struct stat open_file;
  struct stat named;
  return fstat((int)file.handle, &open_file) == 0 && stat(path, &named) == 0 &&
         open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

uint32_t platform_lock(platform_file file, bool *busy) {
  for (int tries = 0; tries < 100; tries++) {
    if (flock((int)file.handle, LOCK_EX | LOCK_NB) == 0) {
      *busy = false;
      return 0;
    }
    if (errno != EINTR) {
      break;
    }
  }
  *busy = errno == EWOULDBLOCK;
  return last_error();
}

uint32_t platform_map(platform_file file, uint64_t bytes, void **out) {
  void *base =
      mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, (int)file.handle, 0);
  *out = base == MAP_FAILED ? NULL : base;
  return base == MAP_FAILED ? last_error() : 0;
}

void platform_unmap(void *base, uint64_t bytes) {
  if (base != NULL) {
    munmap(base, (size_t)bytes);
  }
}

void platform_forget(void *from, uint64_t bytes) {
  /* Of a shared mapping of a file this drops the page table's entries and nothing else. */
  int before = errno;
  madvise(from, (size_t)bytes, MADV_DONTNEED);
  errno = before;
}

/* -- sleeping and waking across processes -- */

bool platform_wake_works(const platform_wake *wake) {
  (void)wake;
  return true;
}

void platform_report(bool is_error, const char *text) {
  (void)is_error;
  (void)text;
}

void platform_wake_open(platform_wake *wake, uint32_t *asleep, const uint8_t key[16]) {
  (void)key;
  wake->asleep = asleep;
  wake->event = 0;
}

void platform_wake_close(platform_wake *wake) { wake->asleep = NULL; }

void platform_wake_wait(const platform_wake *wake, uint32_t ms) {
  struct timespec limit = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
  syscall(SYS_futex, wake->asleep, FUTEX_WAIT, 1, &limit, NULL, 0);
}

void platform_wake_up(const platform_wake *wake) {
  syscall(SYS_futex, wake->asleep, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

/* -- the service's own -- */

static pthread_mutex_t lifecycle = PTHREAD_MUTEX_INITIALIZER;

void platform_lifecycle_lock(void) { pthread_mutex_lock(&lifecycle); }
void platform_lifecycle_unlock(void) { pthread_mutex_unlock(&lifecycle); }

typedef struct start {
  void (*run)(void *);
  void *argument;
} start;

static void *run_thread(void *argument) {
  start begin = *(start *)argument;
  free(argument);
  begin.run(begin.argument);
  return NULL;
}

bool platform_thread_start(platform_thread *thread, void (*run)(void *), void *argument) {
  start *begin = malloc(sizeof *begin);
  if (begin == NULL) {
    return false;
  }
  *begin = (start){run, argument};
  /* The host program's signals are none of this thread's business. */
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t handle;
  int failed = pthread_create(&handle, NULL, run_thread, begin);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed != 0) {
    free(begin);
    return false;
  }
  *thread = (platform_thread){.handle = (uint64_t)handle, .running = true};
  return true;
}

bool platform_thread_join(platform_thread *thread, uint32_t ms) {
  if (!thread->running) {
    return true;
  }
  thread->running = false;
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += (time_t)(ms / 1000);
  until.tv_nsec += (long)(ms % 1000) * 1000000;
  if (until.tv_nsec >= 1000000000) {
    until.tv_sec += 1;
    until.tv_nsec -= 1000000000;
  }
  if (pthread_timedjoin_np((pthread_t)thread->handle, NULL, &until) == 0) {
    return true;
  }
  pthread_detach((pthread_t)thread->handle);
  return false;
}

/* The linker flag -z nodelete has done it already. */
void platform_stay_loaded(void) {}
