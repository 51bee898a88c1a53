/* journal_file.h - finding, creating, checking and mapping a journal file. */
#ifndef ONHOOK_JOURNAL_FILE_H
#define ONHOOK_JOURNAL_FILE_H

#include "error.h"
#include "ring.h"

typedef enum journal_role {
  ROLE_WRITER, /* sets aside what it cannot use */
  ROLE_READER  /* takes the reader's lock, leaves what it cannot use */
} journal_role;

/*
 * Opens the journal at `path`, creates it with `capacity` when there is none. Blocks for file
 * operations only. Returns ONHOOK_OK, or a negative result with `e` set and nothing held.
 */
int32_t journal_open(const char *path, uint64_t capacity, journal_role role, journal *j, error *e);

/* Unmaps and closes. The reader's lock goes with the file. */
void journal_close(journal *j);

/* Whether `bytes` is a capacity: a power of two, 64 KiB to 1 GiB. */
bool journal_capacity_is_valid(uint64_t bytes);

/*
 * Checks an identity and the size of its file. Returns ONHOOK_OK, ONHOOK_UNKNOWN_FORMAT or
 * ONHOOK_DAMAGED. `path` is for the text.
 */
int32_t journal_check_identity(const journal_identity *identity, uint64_t file_bytes,
                               const char *path, error *e);

/* Checks the rules of "control" in the mapped header and keeps what it checked. Returns ONHOOK_OK
   or ONHOOK_DAMAGED. */
int32_t journal_check_control(journal *j, const char *path, error *e);

#endif
