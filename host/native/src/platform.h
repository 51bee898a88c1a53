/*
 * platform.h - all that the core wants from an operating system; platform_linux.c and
 * platform_windows.c are its two halves. The core includes no system header.
 *
 * Functions that return uint32_t return 0, or the system's error number (errno, GetLastError).
 * Paths are UTF-8, terminated, at most PLATFORM_PATH_BYTES with the terminator.
 */
#ifndef ONHOOK_PLATFORM_H
#define ONHOOK_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLATFORM_PATH_BYTES 4096u

/* -- time, chance, process -- */

int64_t platform_time_us(void); /* since 1970 UTC; may jump */
uint64_t platform_monotonic_ns(void);
void platform_sleep_ms(uint32_t ms);
uint32_t platform_process_id(void);
void platform_random(uint8_t *out, size_t bytes); /* never fails, see the implementation */

typedef struct platform_usage {
  uint64_t resident_bytes;
  uint64_t cpu_us; /* user and system, all threads */
} platform_usage;

/* What a process uses. `gone` tells that it has ended, or never was, from other errors. */
uint32_t platform_process_usage(uint32_t process_id, platform_usage *out, bool *gone);

/* A counter that costs next to nothing to read; its rate is learned against the clock. */
static inline uint64_t platform_ticks(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return platform_monotonic_ns();
#endif
}

/* -- settings -- */

/* The journal's path by the rules of README.md. False when it is not set or too long. */
bool platform_journal_path(char *out, size_t out_bytes);
/* The capacity that is asked for, 0 when nothing is. */
uint64_t platform_journal_bytes(void);
/* The system's words for one of its error numbers; terminated, cut to fit. */
void platform_error_text(uint32_t code, char *out, size_t out_bytes);

/* -- files -- */

typedef struct platform_file {
  intptr_t handle; /* -1: none */
} platform_file;

#define PLATFORM_NO_FILE ((platform_file){-1})

/* Opens a regular file that exists, for reading and writing. */
uint32_t platform_open(const char *path, platform_file *out, uint64_t *bytes);
/* Creates a file that must not exist, private to its owner, of `bytes` zeros with their space. */
uint32_t platform_create(const char *path, uint64_t bytes, platform_file *out);
/* Creates the folders above `path` that do not exist, private to their owner. */
uint32_t platform_create_folders(const char *path);
void platform_close(platform_file file);
uint32_t platform_read(platform_file file, void *out, size_t bytes, uint64_t at);
uint32_t platform_write(platform_file file, const void *data, size_t bytes, uint64_t at);
/* Sees to it that the first `bytes` bytes have their space on the disk. */
uint32_t platform_allocate(platform_file file, uint64_t bytes);
/* Gives a file its name, which must not exist yet. The old name is gone afterwards. */
uint32_t platform_rename_new(const char *from, const char *to);
uint32_t platform_delete(const char *path);
/* Whether `path` is still the name of this open file. */
bool platform_is_named(platform_file file, const char *path);
/* Takes the file's one lock without waiting. `busy` tells another's lock from an error. */
uint32_t platform_lock(platform_file file, bool *busy);
uint32_t platform_map(platform_file file, uint64_t bytes, void **out);
void platform_unmap(void *base, uint64_t bytes);
/* Takes whole pages of a mapping out of this process's memory. Their contents stay, and come back
   when they are touched. May do nothing. */
void platform_forget(void *from, uint64_t bytes);

bool platform_is_missing(uint32_t code);   /* no such file or folder */
bool platform_is_there(uint32_t code);     /* the name exists already */
bool platform_is_no_memory(uint32_t code); /* no memory or address space */

/* -- sleeping and waking across processes -- */

typedef struct platform_wake {
  uint32_t *asleep; /* the journal's field */
  intptr_t event;   /* Windows: the named event */
} platform_wake;

/* Never fails; `key` is a secret of those who may read the journal. */
void platform_wake_open(platform_wake *wake, uint32_t *asleep, const uint8_t key[16]);
/* Whether this process can wake and be woken; without it the reader has to look by itself. */
bool platform_wake_works(const platform_wake *wake);
void platform_wake_close(platform_wake *wake);
/* Sleeps while *asleep is 1, at most `ms`; may return early. */
void platform_wake_wait(const platform_wake *wake, uint32_t ms);
/* Called by whoever has changed *asleep from 1 to 0. */
void platform_wake_up(const platform_wake *wake);

/* -- the service's own -- */

/* With the terminator. */
#define PLATFORM_REPORT_BYTES 1184u
/* Words for the administrator, at most PLATFORM_REPORT_BYTES, in the system's event log; on Linux for nobody. May take its time,
   so never in a callout, nor when the service starts. */
void platform_report(bool is_error, const char *text);

/* One lock of the process, for starting and stopping. Never taken in a notification. */
void platform_lifecycle_lock(void);
void platform_lifecycle_unlock(void);

typedef struct platform_thread {
  uint64_t handle;
  bool running;
} platform_thread;

bool platform_thread_start(platform_thread *thread, void (*run)(void *), void *argument);
/* Waits until it has ended; leaves it behind and returns false after `ms`. */
bool platform_thread_join(platform_thread *thread, uint32_t ms);
/* Keeps the library's code in the process from now on. */
void platform_stay_loaded(void);

#endif
