#define _GNU_SOURCE
#include "support.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks.h"

void (*onhook_test_hook)(int place);

const char *new_path(void) {
  static char path[512];
  static int number;
  snprintf(path, sizeof path, "%s/%d.journal", new_folder(), ++number);
  return path;
}

journal open_writer(const char *path) {
  journal j;
  error e = {0};
  int32_t code = journal_open(path, SMALL, ROLE_WRITER, &j, &e);
  if (code != ONHOOK_OK) {
    printf("# %s\n", e.text);
  }
  CHECK_EQ(code, ONHOOK_OK);
  return j;
}

onhook_reader *open_reader(const char *path) {
  onhook_reader *r;
  int32_t code = onhook_reader_open(path, SMALL, &r);
  if (code != ONHOOK_OK) {
    char text[1024] = {0};
    onhook_last_error((uint8_t *)text, sizeof text - 1, NULL);
    printf("# %s\n", text);
  }
  CHECK_EQ(code, ONHOOK_OK);
  return r;
}

journal writer;
onhook_reader *reader;
static journal own; /* the reader's own mapping */

void begin_at(const char *path) {
  writer = open_writer(path);
  reader = open_reader(path);
  own = reader->journal;
  reader->journal.header = writer.header;
  reader->journal.ring = writer.ring;
  reader->journal.wake = writer.wake;
}

void begin(void) { begin_at(new_path()); }

void end(void) {
  reader->journal.header = own.header;
  reader->journal.ring = own.ring;
  reader->journal.wake = own.wake;
  CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
  journal_close(&writer);
}

void check_gap(const taken *t, uint32_t index, uint64_t lost, uint32_t reasons, uint32_t exact) {
  entry_gap gap = gap_at(t, index);
  CHECK_EQ(gap.lost, lost);
  CHECK_EQ(gap.reasons, reasons);
  CHECK_EQ(gap.exact, exact);
  CHECK(gap.first_us <= gap.last_us);
}

static void set_text(uint16_t *to, size_t units, const char *text) {
  for (size_t i = 0; i < units && text[i] != '\0'; i++) {
    to[i] = (uint8_t)text[i];
  }
}

onhook_ras_port_0 port0_of(uint32_t number, const char *name) {
  onhook_ras_port_0 p = {.port = 0x1000u + number,
                         .connection = 0x2000u + number,
                         .condition = 1,
                         .total_calls = number,
                         .connect_duration = 60};
  set_text(p.port_name, 17, name);
  set_text(p.media_name, 17, "rastapi");
  set_text(p.device_name, 129, "WAN Miniport (SSTP)");
  set_text(p.device_type, 17, "vpn");
  return p;
}

onhook_ras_port_1 port1_of(uint32_t number) {
  return (onhook_ras_port_1){.port = 0x1000u + number,
                             .connection = 0x2000u + number,
                             .line_speed = 100000000,
                             .bytes_transmitted = number * 7,
                             .bytes_received = number * 11};
}

uint8_t *before_guard(size_t bytes) {
  uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(pages != MAP_FAILED);
  CHECK_EQ(mprotect(pages + 4096, 4096, PROT_NONE), 0);
  return pages + 4096 - bytes;
}

size_t expected_text(uint8_t *to, const uint8_t *from, size_t units) {
  size_t n = 0;
  for (; n < units && (from[2 * n] != 0 || from[2 * n + 1] != 0); n++) {
    to[2 * n] = from[2 * n];
    to[2 * n + 1] = from[2 * n + 1];
  }
  return n;
}

bool write_hangup(const journal *j, uint32_t number, unsigned text) {
  onhook_ras_port_0 p0 = port0_of(number, "");
  onhook_ras_port_1 p1 = port1_of(number);
  for (unsigned i = 0; i < text && i < 129; i++) {
    p0.device_name[i] = (uint16_t)('a' + i % 26);
  }
  record r;
  record_link(&r, ENTRY_LINK_HANGUP, &p0, &p1, 77, 1000000 + (int64_t)number);
  return writer_write(j, &r);
}

const taken *take(onhook_reader *r, uint32_t entries_max) {
  static taken t;
  static uint64_t buffer[1 << 15];
  t.bytes = (uint8_t *)buffer;
  CHECK(entries_max <= 4096);
  memset(buffer, 0xEE, sizeof buffer);
  CHECK_EQ(onhook_reader_drain(r, t.bytes, sizeof buffer, entries_max, &t.drained), ONHOOK_OK);
  uint32_t at = 0;
  for (uint32_t i = 0; i < t.drained.entries; i++) {
    t.at[i] = at;
    entry_header h = entry_at(&t, i);
    CHECK(h.bytes >= sizeof h && h.bytes <= JOURNAL_RECORD_BYTES_MAX);
    at += (h.bytes + 7) & ~7u;
  }
  CHECK_EQ(t.drained.bytes, at);
  return &t;
}

entry_header entry_at(const taken *t, uint32_t index) {
  CHECK(index < t->drained.entries);
  entry_header h;
  memcpy(&h, t->bytes + t->at[index], sizeof h);
  return h;
}

uint32_t number_at(const taken *t, uint32_t index) {
  CHECK_EQ(entry_at(t, index).type, ENTRY_LINK_HANGUP);
  onhook_ras_port_0 p0;
  memcpy(&p0, t->bytes + t->at[index] + offsetof(entry_link_hangup, port0), 28);
  return p0.total_calls;
}

entry_gap gap_at(const taken *t, uint32_t index) {
  CHECK_EQ(entry_at(t, index).type, ENTRY_GAP);
  entry_gap gap;
  memcpy(&gap, t->bytes + t->at[index], sizeof gap);
  return gap;
}

void commit(onhook_reader *r, const taken *t) {
  CHECK_EQ(onhook_reader_commit(r, t->drained.position, t->drained.lost_total), ONHOOK_OK);
}

bool error_has(const char *words) {
  char text[ERROR_TEXT_BYTES + 1] = {0};
  onhook_last_error((uint8_t *)text, ERROR_TEXT_BYTES, NULL);
  if (strstr(text, words) == NULL) {
    printf("# the error is: %s\n", text);
    return false;
  }
  return true;
}

const char *small_disk(const char *size) {
  static char disk[512];
  char option[64];
  snprintf(disk, sizeof disk, "%s/disk", new_folder());
  snprintf(option, sizeof option, "size=%s", size);
  CHECK_EQ(mkdir(disk, 0700), 0);
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("onhook", disk, "tmpfs", 0, option) != 0) {
    harness_skip("a small file system can be mounted by root only");
  }
  return disk;
}

int in_process(void (*body)(void *), void *argument) {
  fflush(stdout);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    body(argument);
    fflush(stdout);
    _exit(0);
  }
  int status;
  CHECK_EQ(waitpid(child, &status, 0), child);
  return status;
}

static int kill_place;
static int kill_after;

static void kill_hook(int place) {
  if (place == kill_place && --kill_after == 0) {
    kill(getpid(), SIGKILL);
  }
}

void kill_at(int place, int times) {
  kill_place = place;
  kill_after = times;
  onhook_test_hook = kill_hook;
}

uint64_t next_random(uint64_t *state) {
  uint64_t x = (*state += UINT64_C(0x9E3779B97F4A7C15));
  x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
  return x ^ (x >> 31);
}
