/* journal_file.c - the life of a journal file: created under another name, opened, set aside. */
#include "journal_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checksum.h"
#include "hooks.h"
#include "writer.h"

/* Another process may create, replace or set aside the file between any two of our steps. */
#define OPEN_TRIES_MAX 16

static int32_t fail(error *e, const char *verb, const char *path, uint32_t code,
                    const char *wanted) {
  char text[160];
  platform_error_text(code, text, sizeof text);
  return error_set(e, ONHOOK_OPEN_FAILED, code, 0,
                   "Cannot %s the journal \"%s\": %s (system error %" PRIu32 "), %s", verb, path,
                   text, code, wanted);
}

static bool random_name(char *out, size_t out_bytes, const char *path, const char *middle) {
  uint8_t random[6];
  platform_random(random, sizeof random);
  int length = snprintf(out, out_bytes, "%s%s%02x%02x%02x%02x%02x%02x", path, middle, random[0],
                        random[1], random[2], random[3], random[4], random[5]);
  return length > 0 && (size_t)length < out_bytes;
}

static journal_identity make_identity(uint64_t capacity) {
  journal_identity identity = {.version = JOURNAL_VERSION,
                               .header_bytes = JOURNAL_HEADER_BYTES,
                               .capacity_bytes = capacity,
                               .slack_bytes = JOURNAL_SLACK_BYTES,
                               .unit_bytes = JOURNAL_UNIT_BYTES,
                               .created_us = platform_time_us(),
                               .record_bytes_max = JOURNAL_RECORD_BYTES_MAX};
  memcpy(identity.magic, JOURNAL_MAGIC, sizeof identity.magic);
  platform_random(identity.journal_id, sizeof identity.journal_id);
  identity.journal_id[0] |= 1; /* not all 0 */
  identity.checksum = checksum_of_unit((const uint8_t *)&identity);
  return identity;
}

/* Writes what a new file begins with. */
static uint32_t write_start(platform_file file, uint64_t capacity) {
  struct {
    journal_identity identity;
    uint8_t wake_key[16];
  } start = {.identity = make_identity(capacity)};
  platform_random(start.wake_key, sizeof start.wake_key);
  start.wake_key[0] |= 1; /* not all 0 */
  return platform_write(file, &start, sizeof start, 0);
}

/* Creates the file. Not an error when another process was faster. */
static int32_t create(const char *path, uint64_t capacity, error *e) {
  static const char wanted[] =
      "a folder that may be written to and room for the whole file are wanted";
  char temporary[PLATFORM_PATH_BYTES];
  if (!random_name(temporary, sizeof temporary, path, ".new-")) {
    return error_set(e, ONHOOK_INVALID_ARGUMENT, 0, 0,
                     "Cannot create the journal \"%.64s...\": the path is too long, at most 4000 "
                     "bytes are wanted",
                     path);
  }
  uint32_t failed = platform_create_folders(path);
  if (failed != 0) {
    return fail(e, "create the folder of", path, failed, wanted);
  }
  platform_file file;
  uint64_t bytes = JOURNAL_HEADER_BYTES + capacity + JOURNAL_SLACK_BYTES;
  failed = platform_create(temporary, bytes, &file);
  if (failed != 0) {
    return fail(e, "create", path, failed, wanted);
  }
  failed = write_start(file, capacity);
  platform_close(file);
  if (failed == 0) {
    ONHOOK_HOOK(HOOK_CREATED);
    failed = platform_rename_new(temporary, path);
  }
  if (failed != 0) {
    platform_delete(temporary);
    return platform_is_there(failed) ? ONHOOK_OK : fail(e, "create", path, failed, wanted);
  }
  return ONHOOK_OK;
}

/* Writes the UTC time as 20261122T101530Z. */
static void format_utc(int64_t time_us, char *out, size_t out_bytes) {
  int64_t seconds = time_us / 1000000;
  int64_t days = seconds / 86400;
  int64_t second = seconds % 86400;
  /* Years that begin in March have their leap day at the end. */
  int64_t from_march = days + 719468;
  int64_t era = from_march / 146097;
  int64_t day_of_era = from_march % 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t month = (5 * day + 2) / 153;
  int64_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
  snprintf(out, out_bytes, "%04d%02d%02dT%02d%02d%02dZ", (int)(year % 10000),
           (int)(month < 10 ? month + 3 : month - 9), (int)(day - (153 * month + 2) / 5 + 1),
           (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* Renames a file that cannot be used. `busy`: a reader has it, so it stays. */
static uint32_t set_aside(platform_file file, const char *path, bool *busy) {
  uint32_t failed = platform_lock(file, busy);
  if (failed != 0 || !platform_is_named(file, path)) {
    return failed;
  }
  char utc[32];
  char middle[64];
  char name[PLATFORM_PATH_BYTES];
  format_utc(platform_time_us(), utc, sizeof utc);
  snprintf(middle, sizeof middle, ".set-aside-%s-", utc);
  if (!random_name(name, sizeof name, path, middle)) {
    return 0;
  }
  return platform_rename_new(path, name);
}

static int32_t map(const char *path, journal *j, error *e) {
  void *base;
  uint32_t failed = platform_allocate(j->file, j->file_bytes);
  if (failed != 0) {
    return fail(e, "open", path, failed, "room for the whole file is wanted");
  }
  failed = platform_map(j->file, j->file_bytes, &base);
  if (failed != 0 && platform_is_no_memory(failed)) {
    return error_set(e, ONHOOK_NO_MEMORY, failed, 0,
                     "Cannot map the journal \"%s\": no memory, %" PRIu64
                     " bytes of address space are wanted",
                     path, j->file_bytes);
  }
  if (failed != 0) {
    return fail(e, "map", path, failed, "a file that can be mapped is wanted");
  }
  j->header = base;
  j->ring = (uint8_t *)base + JOURNAL_HEADER_BYTES;
  return ONHOOK_OK;
}

/* Checks an open file's identity and maps it. */
static int32_t attach(const char *path, journal *j, error *e) {
  j->identity = (journal_identity){0};
  if (j->file_bytes >= sizeof j->identity) {
    uint32_t failed = platform_read(j->file, &j->identity, sizeof j->identity, 0);
    if (failed != 0) {
      return fail(e, "read", path, failed, "a readable file is wanted");
    }
  }
  int32_t code = journal_check_identity(&j->identity, j->file_bytes, path, e);
  if (code != ONHOOK_OK) {
    return code;
  }
  j->capacity = j->identity.capacity_bytes;
  return map(path, j, e);
}

/* Takes the reader's lock on a mapped journal. */
static int32_t lock(const char *path, const journal *j, error *e) {
  bool busy;
  uint32_t failed = platform_lock(j->file, &busy);
  if (failed == 0) {
    return ONHOOK_OK;
  }
  if (!busy) {
    return fail(e, "lock", path, failed, "a file system with locks is wanted");
  }
  uint32_t process_id = load32_seq(&j->header->reader_pid);
  return error_set(e, ONHOOK_BUSY, 0, process_id,
                   "Cannot open the journal \"%s\": process %" PRIu32
                   " is reading it, one reader at a time is wanted; stop that process first",
                   path, process_id);
}

typedef enum step { STEP_DONE, STEP_AGAIN } step;

/* An unusable file was opened: `code` and `e` say why. */
static step handle_unusable(const char *path, journal_role role, journal *j, int32_t *code,
                            error *e) {
  if (role == ROLE_READER || (*code != ONHOOK_UNKNOWN_FORMAT && *code != ONHOOK_DAMAGED)) {
    return STEP_DONE;
  }
  bool busy = false;
  uint32_t failed = set_aside(j->file, path, &busy);
  if (failed == 0) {
    return STEP_AGAIN;
  }
  if (busy) {
    /* Another writer may be setting it aside right now, or a reader has it. */
    platform_sleep_ms(1);
    return STEP_AGAIN;
  }
  *code = fail(e, "set aside", path, failed, "a folder that may be written to is wanted");
  return STEP_DONE;
}

static step open_once(const char *path, uint64_t capacity, journal_role role, journal *j,
                      int32_t *code, error *e) {
  *j = (journal){.file = PLATFORM_NO_FILE};
  uint32_t failed = platform_open(path, &j->file, &j->file_bytes);
  if (failed != 0 && platform_is_missing(failed)) {
    *code = create(path, capacity, e);
    return *code == ONHOOK_OK ? STEP_AGAIN : STEP_DONE;
  }
  if (failed != 0) {
    *code = fail(e, "open", path, failed, "a regular file to read and write is wanted");
    return STEP_DONE;
  }
  *code = attach(path, j, e);
  if (*code == ONHOOK_OK && role == ROLE_READER) {
    *code = lock(path, j, e);
  }
  if (*code == ONHOOK_OK && !platform_is_named(j->file, path)) {
    return STEP_AGAIN; /* it has been set aside since it was opened */
  }
  if (*code == ONHOOK_OK) {
    /* Not before the lock: until then another reader may move what is checked. */
    *code = journal_check_control(j, path, e);
  }
  return *code == ONHOOK_OK ? STEP_DONE : handle_unusable(path, role, j, code, e);
}

int32_t journal_open(const char *path, uint64_t capacity, journal_role role, journal *j,
                     error *e) {
  for (int tries = 0; tries < OPEN_TRIES_MAX; tries++) {
    int32_t code = ONHOOK_OK;
    if (open_once(path, capacity, role, j, &code, e) == STEP_AGAIN) {
      journal_close(j);
      continue;
    }
    if (code != ONHOOK_OK) {
      journal_close(j);
      return code;
    }
    uint8_t wake_key[16];
    memcpy(wake_key, j->header->wake_key, sizeof wake_key);
    platform_wake_open(&j->wake, &j->header->asleep, wake_key);
    writer_recover_tail(j);
    return ONHOOK_OK;
  }
  return error_set(e, ONHOOK_OPEN_FAILED, 0, 0,
                   "Cannot open the journal \"%s\": it was replaced or in use at each of %d tries, "
                   "a file that stays is wanted",
                   path, OPEN_TRIES_MAX);
}

void journal_close(journal *j) {
  if (j->wake.asleep != NULL) {
    platform_wake_close(&j->wake);
  }
  if (j->header != NULL) {
    platform_unmap(j->header, j->file_bytes);
  }
  platform_close(j->file);
  *j = (journal){.file = PLATFORM_NO_FILE};
}
