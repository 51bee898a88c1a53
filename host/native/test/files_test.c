/* files_test.c - opening, creating, refusing and setting aside; one reader at a time. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checksum.h"
#include "hooks.h"
#include "support.h"

/* How many files in the test's folder have `part` in their name; the last one's name in `name`. */
static int count_files(const char *part, char *name, size_t name_bytes) {
  DIR *folder = opendir(new_folder());
  CHECK(folder != NULL);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (strstr(entry->d_name, part) != NULL) {
      count++;
      if (name != NULL) {
        snprintf(name, name_bytes, "%s/%s", new_folder(), entry->d_name);
      }
    }
  }
  closedir(folder);
  return count;
}

static void patch(const char *path, uint64_t at, const void *data, size_t bytes) {
  int fd = open(path, O_RDWR);
  CHECK(fd >= 0);
  CHECK_EQ(pwrite(fd, data, bytes, (off_t)at), (ssize_t)bytes);
  close(fd);
}

static void patch_identity(const char *path, journal_identity identity) {
  identity.checksum = checksum_of_unit((const uint8_t *)&identity);
  patch(path, 0, &identity, sizeof identity);
}

static const char *make_journal(journal_identity *identity) {
  const char *path = new_path();
  journal j = open_writer(path);
  CHECK(write_hangup(&j, 1, 0));
  *identity = j.identity;
  journal_close(&j);
  return path;
}

/* A reader refuses with `code` and leaves the file; a writer sets it aside, whole. */
static void check_unusable(const char *path, int32_t code, const char *words) {
  struct stat before;
  CHECK_EQ(stat(path, &before), 0);
  onhook_reader *r;
  CHECK_EQ(onhook_reader_open(path, 0, &r), code);
  CHECK(r == NULL);
  CHECK(error_has(words));
  CHECK(error_has(path));
  onhook_error_info info;
  onhook_last_error(NULL, 0, &info);
  CHECK_EQ(info.code, code);
  struct stat after;
  CHECK_EQ(stat(path, &after), 0);
  CHECK_EQ(after.st_ino, before.st_ino);
  int aside = count_files("set-aside", NULL, 0);
  journal j = open_writer(path);
  CHECK(write_hangup(&j, 2, 0));
  journal_close(&j);
  CHECK_EQ(count_files("set-aside", NULL, 0), aside + 1);
  CHECK_EQ(count_files(".new-", NULL, 0), 0);
  r = open_reader(path);
  CHECK_EQ(number_at(take(r, 9), 0), 2);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void unusable_headers(void) {
  journal_identity good;
  const char *path = make_journal(&good);
  patch(path, 0, "SQLite f", 8);
  check_unusable(path, ONHOOK_UNKNOWN_FORMAT, "does not begin as a journal does");
  path = make_journal(&good);
  journal_identity bad = good;
  bad.version = 1;
  patch_identity(path, bad);
  check_unusable(path, ONHOOK_UNKNOWN_FORMAT, "version 1, version 2 is wanted");
  path = make_journal(&good);
  patch(path, 40, "x", 1);
  check_unusable(path, ONHOOK_DAMAGED, "checksum");
  static const uint64_t capacities[] = {0, 1, 65535, 65536 * 3, UINT64_C(1) << 31, UINT64_MAX};
  for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
    path = make_journal(&good);
    bad = good;
    bad.capacity_bytes = capacities[i];
    patch_identity(path, bad);
    check_unusable(path, ONHOOK_DAMAGED, "capacity");
  }
  path = make_journal(&good);
  bad = good;
  bad.slack_bytes = 64;
  patch_identity(path, bad);
  check_unusable(path, ONHOOK_DAMAGED, "other sizes");
}

static void unusable_sizes(void) {
  static const off_t sizes[] = {0, 1, 71, 72, 4096, 65536, 65536 + SMALL, 69631 + SMALL,
                                69633 + SMALL, 1 << 22};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    journal_identity good;
    const char *path = make_journal(&good);
    CHECK_EQ(truncate(path, sizes[i]), 0);
    bool whole = sizes[i] >= 72;
    check_unusable(path, whole ? ONHOOK_DAMAGED : ONHOOK_UNKNOWN_FORMAT,
                   whole ? "are wanted for its capacity" : "does not begin as a journal");
  }
}

static void unusable_control(void) {
  static const struct {
    uint64_t head, release, tail;
  } bad[] = {{64, 0, 64},       {64, 64, 0},         {0, 128, 64},
             {1, 1, 64},        {0, 0, 65},          {0, 32, 64},
             {UINT64_MAX, 0, 64}, {0, 0, UINT64_MAX}, {0, 0, SMALL + 64},
             {UINT64_MAX - 63, UINT64_MAX - 63, 0},
             {UINT64_MAX - 63, UINT64_MAX - 63, UINT64_MAX - 63}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    journal_identity good;
    const char *path = make_journal(&good);
    patch(path, offsetof(journal_header, head), &bad[i].head, 8);
    patch(path, offsetof(journal_header, release), &bad[i].release, 8);
    patch(path, offsetof(journal_header, tail), &bad[i].tail, 8);
    check_unusable(path, ONHOOK_DAMAGED, "head <= release <= tail");
  }
  journal_identity good;
  const char *path = make_journal(&good);
  patch(path, offsetof(journal_header, acknowledged.total), "\1", 1);
  check_unusable(path, ONHOOK_DAMAGED, "acknowledged");
}

static void set_aside_is_whole(void) {
  const char *path = new_path();
  patch((close(open(path, O_CREAT | O_WRONLY, 0600)), path), 0, "somebody's only copy", 20);
  journal j = open_writer(path);
  journal_close(&j);
  char name[1024];
  CHECK_EQ(count_files(".set-aside-2", name, sizeof name), 1);
  char text[32] = {0};
  FILE *file = fopen(name, "r");
  CHECK(file != NULL);
  CHECK_EQ(fread(text, 1, sizeof text, file), 20);
  fclose(file);
  CHECK_EQ(strcmp(text, "somebody's only copy"), 0);
  CHECK_EQ(strlen(strstr(name, "set-aside-")), strlen("set-aside-20261122T101530Z-0123456789ab"));
}

static void folders_are_private(void) {
  char path[512];
  snprintf(path, sizeof path, "%s/a/b/c.journal", new_folder());
  umask(0);
  onhook_reader *r = open_reader(path);
  struct stat status;
  CHECK_EQ(stat(path, &status), 0);
  CHECK_EQ(status.st_mode & 0777, 0600);
  CHECK_EQ(status.st_size, JOURNAL_HEADER_BYTES + SMALL + JOURNAL_SLACK_BYTES);
  CHECK(status.st_blocks * 512 >= status.st_size); /* no holes */
  path[strlen(path) - strlen("/c.journal")] = '\0';
  CHECK_EQ(stat(path, &status), 0);
  CHECK_EQ(status.st_mode & 0777, 0700);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void holes_are_filled(void) {
  journal_identity good;
  const char *path = make_journal(&good);
  int fd = open(path, O_RDWR);
  if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536 + 8192, 16384) != 0) {
    harness_skip("the file system punches no holes");
  }
  struct stat status;
  fstat(fd, &status);
  CHECK(status.st_blocks * 512 < status.st_size);
  journal j = open_writer(path);
  fstat(fd, &status);
  CHECK(status.st_blocks * 512 >= status.st_size);
  journal_close(&j);
  close(fd);
}

static void one_reader(void) {
  const char *path = new_path();
  onhook_reader *r = open_reader(path);
  onhook_reader *second;
  CHECK_EQ(onhook_reader_open(path, 0, &second), ONHOOK_BUSY);
  CHECK(second == NULL);
  onhook_error_info info;
  onhook_last_error(NULL, 0, &info);
  CHECK_EQ(info.process_id, (uint32_t)getpid());
  CHECK(error_has("one reader at a time"));
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  r = open_reader(path);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void read_and_die(void *argument) {
  onhook_reader *r = open_reader(argument);
  CHECK_EQ(take(r, 1)->drained.entries, 1);
  r->journal.header->asleep = 1;
  kill(getpid(), SIGKILL);
}

static void dead_reader(void) {
  const char *path = new_path();
  journal j = open_writer(path);
  CHECK(write_hangup(&j, 4, 0));
  int status = in_process(read_and_die, (void *)(uintptr_t)path);
  CHECK(WIFSIGNALED(status));
  CHECK(j.header->reader_pid != 0);
  onhook_reader *r = open_reader(path);
  CHECK_EQ(j.header->reader_pid, (uint32_t)getpid());
  CHECK_EQ(number_at(take(r, 9), 0), 4);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  CHECK_EQ(j.header->reader_pid, 0);
  journal_close(&j);
}

/* A writer must not take a file away from a reader, whatever is in it. */
static void reader_keeps_its_file(void) {
  const char *path = new_path();
  onhook_reader *r = open_reader(path);
  patch(path, 0, "garbage!", 8);
  journal j;
  error e;
  CHECK_EQ(journal_open(path, SMALL, ROLE_WRITER, &j, &e), ONHOOK_OPEN_FAILED);
  CHECK_EQ(count_files("set-aside", NULL, 0), 0);
  uint64_t buffer[512];
  onhook_drained d;
  CHECK_EQ(onhook_reader_drain(r, (uint8_t *)buffer, 4096, 1, &d), ONHOOK_DAMAGED);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  j = open_writer(path);
  CHECK_EQ(count_files("set-aside", NULL, 0), 1);
  journal_close(&j);
}

static void race(bool garbage) {
  for (int round = 0; round < 30; round++) {
    const char *path = new_path();
    if (garbage) {
      patch((close(open(path, O_CREAT | O_WRONLY, 0600)), path), 0, "?", 1);
    }
    pid_t pid[6];
    for (uint32_t i = 0; i < 6; i++) {
      pid[i] = fork();
      if (pid[i] == 0) {
        journal j = open_writer(path);
        CHECK(write_hangup(&j, i, 0));
        _exit(0);
      }
    }
    for (int i = 0; i < 6; i++) {
      int status;
      CHECK_EQ(waitpid(pid[i], &status, 0), pid[i]);
      CHECK_EQ(status, 0);
    }
    onhook_reader *r = open_reader(path);
    CHECK_EQ(take(r, 20)->drained.entries, 6);
    CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
    CHECK_EQ(count_files(".new-", NULL, 0), 0);
  }
  CHECK_EQ(count_files("set-aside", NULL, 0), garbage ? 30 : 0);
}

static void race_to_create(void) { race(false); }
static void race_to_set_aside(void) { race(true); }

static void full_disk(void) {
  const char *path = small_disk("256k");
  char file[600];
  snprintf(file, sizeof file, "%s/1.journal", path);
  journal j = open_writer(file);
  /* Fill the disk to the last byte, then write the ring from end to end. */
  char other[600];
  snprintf(other, sizeof other, "%s/other", path);
  int fd = open(other, O_CREAT | O_WRONLY, 0600);
  static char block[4096];
  while (write(fd, block, sizeof block) > 0) {
  }
  int out_of_space = errno;
  close(fd);
  uint32_t written = 0;
  while (write_hangup(&j, written, 0)) {
    written++;
  }
  journal_close(&j);
  snprintf(file, sizeof file, "%s/2.journal", path);
  onhook_reader *r;
  int32_t code = onhook_reader_open(file, SMALL, &r);
  onhook_error_info info;
  onhook_last_error(NULL, 0, &info);
  CHECK_EQ(out_of_space, ENOSPC);
  CHECK_EQ(written, SMALL / 256);
  CHECK_EQ(code, ONHOOK_OPEN_FAILED);
  CHECK_EQ(info.system_code, ENOSPC);
  CHECK(error_has("room for the whole file"));
}

static const test tests[] = {
    {"open() refuses, a writer sets aside: header", unusable_headers, 0},
    {"open() refuses, a writer sets aside: size", unusable_sizes, 0},
    {"open() refuses, a writer sets aside: positions", unusable_control, 0},
    {"journal_open() keeps what it sets aside", set_aside_is_whole, 0},
    {"open() creates private folders and a file without holes", folders_are_private, 0},
    {"journal_open() fills holes", holes_are_filled, 0},
    {"open() names the other process when there is a reader", one_reader, 0},
    {"open() takes over when the reader was killed", dead_reader, 0},
    {"journal_open() leaves a damaged file to its reader", reader_keeps_its_file, 0},
    {"journal_open() creates once when six processes race", race_to_create, 0},
    {"journal_open() sets aside once when six processes race", race_to_set_aside, 0},
    {"journal_open() allocates: a full disk kills nobody", full_disk, 0},
};

TESTS_MAIN(tests)
