/* service_test.c - starting and stopping in every order, and without a journal. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks.h"
#include "support.h"

static char path[512];

static void use(const char *name) {
  snprintf(path, sizeof path, "%s/%s", new_folder(), name);
  setenv("ONHOOK_JOURNAL", path, 1);
  setenv("ONHOOK_JOURNAL_BYTES", "65536", 1);
}

static void hang_up(uint32_t number) {
  onhook_ras_port_0 p0 = port0_of(number, "VPN2-1");
  onhook_ras_port_1 p1 = port1_of(number);
  MprAdminLinkHangupNotification(&p0, &p1);
}

static entry_service service_at(const taken *t, uint32_t index) {
  entry_service s = {0};
  entry_header h = entry_at(t, index);
  memcpy(&s, t->bytes + t->at[index], h.bytes);
  return s;
}

static void start_and_stop(void) {
  use("a/b/journal");
  hang_up(1); /* before the start: nothing */
  for (int run = 0; run < 3; run++) {
    CHECK_EQ(MprAdminInitializeDll(), 0);
    CHECK_EQ(MprAdminInitializeDll(), 0);
    hang_up(2);
    hang_up(3);
    CHECK_EQ(MprAdminTerminateDll(), 0);
    CHECK_EQ(MprAdminTerminateDll(), 0);
    hang_up(4); /* after the stop: nothing */
  }
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 99);
  CHECK_EQ(t->drained.entries, 12);
  uint64_t boots[3];
  for (uint32_t run = 0; run < 3; run++) {
    entry_service start = service_at(t, run * 4);
    entry_service stop = service_at(t, run * 4 + 3);
    boots[run] = start.header.boot;
    CHECK_EQ(start.header.type, ENTRY_SERVICE_START);
    CHECK_EQ(start.header.bytes, 56);
    CHECK_EQ(start.process_id, (uint32_t)getpid());
    CHECK_EQ(start.library_version, 0x100);
    CHECK_EQ(number_at(t, run * 4 + 1), 2);
    CHECK_EQ(entry_at(t, run * 4 + 1).boot, boots[run]);
    CHECK_EQ(stop.header.type, ENTRY_SERVICE_STOP);
    CHECK_EQ(stop.header.bytes, 64);
    CHECK_EQ(stop.header.boot, boots[run]);
    CHECK_EQ(stop.callouts_total, 2);
    CHECK(start.header.time_us <= stop.header.time_us);
  }
  CHECK(boots[0] != boots[1] && boots[1] != boots[2] && boots[0] != 0);
  onhook_statistics s;
  CHECK_EQ(onhook_reader_statistics(r, &s), ONHOOK_OK);
  CHECK_EQ(s.service_starts, 3);
  CHECK_EQ((int64_t)s.last_service_start_us, entry_at(t, 8).time_us);
  CHECK_EQ(s.lost_total, 0);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void stop_without_start(void) {
  use("none");
  CHECK_EQ(MprAdminTerminateDll(), 0);
  hang_up(1);
  CHECK_EQ(access(path, F_OK), -1);
}

/* The number that a gap reports, the gap being the first entry before the serviceStart. */
static entry_gap check_recovered(uint32_t hangups_after) {
  onhook_reader *r = open_reader(path);
  uint64_t until = platform_monotonic_ns() + UINT64_C(5000000000);
  onhook_statistics s;
  do {
    CHECK_EQ(onhook_reader_statistics(r, &s), ONHOOK_OK);
    platform_sleep_ms(5);
  } while (s.service_starts == 0 && platform_monotonic_ns() < until);
  platform_sleep_ms(20);
  for (uint32_t i = 0; i < hangups_after; i++) {
    hang_up(100 + i);
  }
  const taken *t = take(r, 99);
  CHECK_EQ(t->drained.entries, 2 + hangups_after);
  entry_gap gap = gap_at(t, 0);
  CHECK_EQ(gap.reasons, 2);
  CHECK_EQ(gap.exact, 1);
  CHECK_EQ(entry_at(t, 1).type, ENTRY_SERVICE_START);
  CHECK(entry_at(t, 1).time_us <= gap.first_us);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  return gap;
}

static void journal_comes_later(void) {
  use("file/journal");
  char blocker[512];
  snprintf(blocker, sizeof blocker, "%s/file", new_folder());
  fclose(fopen(blocker, "w")); /* a file where a folder is wanted */
  CHECK_EQ(MprAdminInitializeDll(), 0);
  int64_t before = platform_time_us();
  for (uint32_t i = 0; i < 17; i++) {
    hang_up(i);
  }
  int64_t after = platform_time_us();
  CHECK_EQ(unlink(blocker), 0);
  entry_gap gap = check_recovered(3);
  CHECK_EQ(gap.lost, 17);
  CHECK(gap.first_us >= before && gap.last_us <= after && gap.first_us <= gap.last_us);
  CHECK_EQ(MprAdminTerminateDll(), 0);
}

static void no_rights(void) {
  if (geteuid() == 0) {
    CHECK_EQ(chmod(new_folder(), 0755), 0);
    CHECK_EQ(seteuid(65534), 0); /* root may write anywhere */
  }
  use("sub/journal");
  CHECK_EQ(chmod(new_folder(), 0500) == 0 || geteuid() == 65534, 1);
  CHECK_EQ(MprAdminInitializeDll(), 0);
  hang_up(1);
  CHECK_EQ(access(path, F_OK), -1);
  uint64_t start = platform_monotonic_ns();
  CHECK_EQ(MprAdminTerminateDll(), 0);
  CHECK(platform_monotonic_ns() - start < UINT64_C(1500000000));
  if (geteuid() == 65534) {
    CHECK_EQ(seteuid(0), 0);
  }
  chmod(new_folder(), 0700);
}

static void full_disk(void) {
  const char *disk = small_disk("100k");
  use("disk/journal");
  CHECK_EQ(MprAdminInitializeDll(), 0);
  hang_up(1);
  hang_up(2);
  CHECK_EQ(access(path, F_OK), -1);
  CHECK_EQ(mount("onhook", disk, "tmpfs", MS_REMOUNT, "size=10m"), 0);
  uint64_t lost = 0;
  for (int i = 0; i < 400 && access(path, F_OK) != 0; i++) {
    platform_sleep_ms(10);
  }
  lost = check_recovered(1).lost;
  CHECK_EQ(MprAdminTerminateDll(), 0);
  CHECK_EQ(lost, 2);
}

static void broken_journal(void) {
  use("journal");
  FILE *file = fopen(path, "w");
  fputs("this is no journal", file);
  fclose(file);
  CHECK_EQ(MprAdminInitializeDll(), 0);
  hang_up(6);
  CHECK_EQ(MprAdminTerminateDll(), 0);
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 9);
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(number_at(t, 1), 6);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

/* Stopped before the retry could succeed: the last moment counts too. */
static void told_at_the_stop(void) {
  use("late/journal");
  char blocker[512];
  snprintf(blocker, sizeof blocker, "%s/late", new_folder());
  fclose(fopen(blocker, "w"));
  CHECK_EQ(MprAdminInitializeDll(), 0);
  hang_up(1);
  hang_up(2);
  hang_up(3);
  CHECK_EQ(unlink(blocker), 0);
  CHECK_EQ(MprAdminTerminateDll(), 0);
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 9);
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(gap_at(t, 0).lost, 3);
  CHECK_EQ(entry_at(t, 1).type, ENTRY_SERVICE_START);
  CHECK_EQ(service_at(t, 2).callouts_total, 3);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static void no_path(void) {
  unsetenv("ONHOOK_JOURNAL");
  unsetenv("XDG_STATE_HOME");
  unsetenv("HOME");
  CHECK_EQ(MprAdminInitializeDll(), 0);
  hang_up(1);
  CHECK_EQ(MprAdminTerminateDll(), 0);
}

static void settings(void) {
  char text[64];
  setenv("HOME", "/h", 1);
  unsetenv("ONHOOK_JOURNAL");
  unsetenv("XDG_STATE_HOME");
  CHECK(platform_journal_path(text, sizeof text));
  CHECK_EQ(strcmp(text, "/h/.local/state/onhook/hangup.journal"), 0);
  setenv("XDG_STATE_HOME", "/x", 1);
  CHECK(platform_journal_path(text, sizeof text));
  CHECK_EQ(strcmp(text, "/x/onhook/hangup.journal"), 0);
  setenv("XDG_STATE_HOME", "not/absolute", 1);
  CHECK(platform_journal_path(text, sizeof text));
  CHECK_EQ(strcmp(text, "/h/.local/state/onhook/hangup.journal"), 0);
  setenv("ONHOOK_JOURNAL", "/j", 1);
  CHECK(platform_journal_path(text, sizeof text));
  CHECK_EQ(strcmp(text, "/j"), 0);
  CHECK(!platform_journal_path(text, 2));
  static const struct {
    const char *asked;
    uint64_t given;
  } sizes[] = {{"1", 65536},       {"65536", 65536},        {"131071", 65536},
               {"131072", 131072}, {"0", 64 << 20},         {"junk", 64 << 20},
               {"-1", 1 << 30},    {"99999999999", 1 << 30}};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    char name[32];
    snprintf(name, sizeof name, "size-%zu", i);
    use(name);
    setenv("ONHOOK_JOURNAL_BYTES", sizes[i].asked, 1);
    if (sizes[i].given > 1 << 20) {
      continue; /* too much to write in a test; the others show the rule */
    }
    CHECK_EQ(MprAdminInitializeDll(), 0);
    CHECK_EQ(MprAdminTerminateDll(), 0);
    struct stat status;
    CHECK_EQ(stat(path, &status), 0);
    CHECK_EQ((uint64_t)status.st_size, sizes[i].given + 69632);
  }
}

static uint64_t ended; /* atomic */

static void *run_callouts(void *argument) {
  static const onhook_ras_connection_0 connection = {.user_name = {'a', 'd', 'a'}};
  uint32_t number = 0;
  while (load_seq(&ended) == 0) {
    hang_up((uint32_t)(uintptr_t)argument << 24 | number++ % 1000);
    if (number % 4 == 0) {
      CHECK_EQ(MprAdminAcceptNewConnection2(&connection, NULL, NULL), 1);
    }
    if (number % 64 == 0) {
      platform_sleep_ms(1);
    }
  }
  return NULL;
}

/* Callouts on three threads while the service starts and stops, and a reader that keeps up. */
static void threads_while_stopping(void) {
  use("journal");
  /* So large that no place is used twice: the reader's own mapping hides from a thread sanitizer
     that a place was read in between. */
  setenv("ONHOOK_JOURNAL_BYTES", "268435456", 1);
  pthread_t thread[3];
  for (uintptr_t i = 0; i < 3; i++) {
    CHECK_EQ(pthread_create(&thread[i], NULL, run_callouts, (void *)i), 0);
  }
  CHECK_EQ(MprAdminInitializeDll(), 0);
  onhook_reader *r = open_reader(path);
  uint64_t hangups = 0;
  uint64_t connections = 0;
  uint64_t served = 0;
  uint64_t lost = 0;
  uint32_t stops = 0;
  for (int round = 0; stops < 60; round++) {
    CHECK_EQ(round % 2 == 0 ? MprAdminTerminateDll() : MprAdminInitializeDll(), 0);
    onhook_reader_wait(r, 2);
    for (bool more = true; more;) {
      const taken *t = take(r, 4096);
      for (uint32_t i = 0; i < t->drained.entries; i++) {
        uint16_t type = entry_at(t, i).type;
        hangups += type == ENTRY_LINK_HANGUP;
        connections += type == ENTRY_CONNECTION_UP;
        lost += type == ENTRY_GAP ? gap_at(t, i).lost : 0;
        served += type == ENTRY_SERVICE_STOP ? service_at(t, i).callouts_total : 0;
        stops += type == ENTRY_SERVICE_STOP;
      }
      commit(r, t);
      more = t->drained.more != 0;
    }
    CHECK(round < 1000);
  }
  store_seq(&ended, 1);
  for (int i = 0; i < 3; i++) {
    pthread_join(thread[i], NULL);
  }
  CHECK(hangups > 0 && connections > 0);
  /* Callouts before the start count as served from the start on; none is unaccounted for. */
  CHECK(hangups + connections + lost >= served / 2);
  CHECK_EQ(MprAdminTerminateDll(), 0);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static uint64_t inside;  /* atomic */
static uint64_t go_on;   /* atomic */

static void hang_in_callout(int place) {
  if (place == HOOK_TAIL_MOVED && exchange(&inside, 1) == 0) {
    while (load_seq(&go_on) == 0) {
      platform_sleep_ms(1);
    }
  }
}

static void *run_one_hangup(void *argument) {
  (void)argument;
  hang_up(1);
  return NULL;
}

static void hanging_callout(void) {
  use("journal");
  CHECK_EQ(MprAdminInitializeDll(), 0);
  onhook_test_hook = hang_in_callout;
  pthread_t thread;
  CHECK_EQ(pthread_create(&thread, NULL, run_one_hangup, NULL), 0);
  while (load_seq(&inside) == 0) {
    platform_sleep_ms(1);
  }
  uint64_t start = platform_monotonic_ns();
  CHECK_EQ(MprAdminTerminateDll(), 0);
  uint64_t took = platform_monotonic_ns() - start;
  CHECK(took > UINT64_C(500000000) && took < UINT64_C(3000000000));
  store_seq(&go_on, 1); /* the memory must still be there */
  pthread_join(thread, NULL);
  onhook_reader *r = open_reader(path);
  const taken *t = take(r, 9);
  CHECK_EQ(t->drained.entries, 3);
  CHECK_EQ(number_at(t, 1), 1);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
  _exit(0); /* the journal is left mapped on purpose: not a leak to report */
}

static const test tests[] = {
    {"InitializeDll() and TerminateDll() in every order", start_and_stop, 0},
    {"TerminateDll() does nothing when never started", stop_without_start, 0},
    {"InitializeDll() succeeds when there is no folder, and recovers", journal_comes_later, 0},
    {"InitializeDll() succeeds when there are no rights", no_rights, 0},
    {"InitializeDll() succeeds when the disk is full, and recovers", full_disk, 0},
    {"InitializeDll() sets a broken journal aside", broken_journal, 0},
    {"TerminateDll() tells what was missed when the journal came late", told_at_the_stop, 0},
    {"InitializeDll() succeeds when no path is set", no_path, 0},
    {"settings are read by their rules", settings, 0},
    {"threads: callouts while the service starts and stops", threads_while_stopping, 60},
    {"threads: TerminateDll() leaves the journal to a callout that hangs", hanging_callout, 0},
};

TESTS_MAIN(tests)
