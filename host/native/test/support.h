/* support.h - journals, structures and drains for tests. */
#ifndef ONHOOK_TEST_SUPPORT_H
#define ONHOOK_TEST_SUPPORT_H

#include "harness.h"
#include "journal_file.h"
#include "onhook.h"
#include "ras.h"
#include "reader.h"
#include "record.h"
#include "service.h"
#include "writer.h"

#define SMALL ONHOOK_CAPACITY_MIN

/* A new path in the test's folder. */
const char *new_path(void);

/* Opens, and fails the test when that fails. */
journal open_writer(const char *path);
onhook_reader *open_reader(const char *path);

/*
 * The writer and the reader of most tests, at a new path, mapped once for both: so a thread
 * sanitizer sees that what one of them stores is what the other loads.
 */
extern journal writer;
extern onhook_reader *reader;
void begin(void);
void begin_at(const char *path);
void end(void);

/* Checks entry `index`, which must be a gap. */
struct taken;
void check_gap(const struct taken *t, uint32_t index, uint64_t lost, uint32_t reasons,
               uint32_t exact);

/* A RAS_PORT_0 with every byte known. */
onhook_ras_port_0 port0_of(uint32_t number, const char *name);
onhook_ras_port_1 port1_of(uint32_t number);

/* `bytes` readable bytes that end where a page begins that cannot be read. */
uint8_t *before_guard(size_t bytes);
/* Copies up to a 0 or `units` units from an array, as a correct text has them. Returns how many. */
size_t expected_text(uint8_t *to, const uint8_t *from, size_t units);

/* Writes a hangup that can be told by `number`. `text` units make it longer. */
bool write_hangup(const journal *j, uint32_t number, unsigned text);

/* Everything a drain of `entries_max` returned; entries by index. */
typedef struct taken {
  onhook_drained drained;
  uint32_t at[4096];
  uint8_t *bytes;
} taken;

/* Drains into a buffer of its own and checks that the entries fill it. */
const taken *take(onhook_reader *r, uint32_t entries_max);
entry_header entry_at(const taken *t, uint32_t index);
/* The number that write_hangup was given. */
uint32_t number_at(const taken *t, uint32_t index);
entry_gap gap_at(const taken *t, uint32_t index);
/* Commits what the last take returned. */
void commit(onhook_reader *r, const taken *t);
/* The text of the last error contains `words`. */
bool error_has(const char *words);

/* A file system of that size (as mount's option has it) in the test's folder, gone with this
   process. Skips the test when it may not be mounted. Returns its path. */
const char *small_disk(const char *size);

/* Runs `body` in another process and returns how it ended, as wait() has it. */
int in_process(void (*body)(void *), void *argument);

/* Kills this process when `place` (hooks.h) has been passed `times` times. */
void kill_at(int place, int times);

/* Numbers from a seed. */
uint64_t next_random(uint64_t *state);

#endif
