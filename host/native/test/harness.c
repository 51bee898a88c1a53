#define _GNU_SOURCE
#include "harness.h"

#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_SKIPPED 77

static char folder[256];

_Noreturn void harness_fail(const char *file, int line, const char *what, int64_t found,
                            int64_t wanted) {
  printf("# %s:%d: %s: found %" PRId64 ", wanted %" PRId64 "\n", file, line, what, found, wanted);
  fflush(stdout);
  _exit(1);
}

_Noreturn void harness_skip(const char *why) {
  printf("# skipped: %s\n", why);
  fflush(stdout);
  _exit(EXIT_SKIPPED);
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for the child's end; kills it and its children when the time is up. */
static int wait_for(pid_t child, unsigned limit_s) {
  int64_t until = now_ms() + (int64_t)limit_s * 1000;
  for (;;) {
    int status;
    if (waitpid(child, &status, WNOHANG) == child) {
      kill(-child, SIGKILL);
      return status;
    }
    if (now_ms() > until) {
      printf("# no end within %u s\n", limit_s);
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      return 1 << 8;
    }
    usleep(1000);
  }
}

const char *new_folder(void) { return folder; }

static int delete_one(const char *path, const struct stat *status, int flag, struct FTW *walk) {
  (void)status;
  (void)flag;
  (void)walk;
  return remove(path);
}

static int run_one(const test *t) {
  fflush(stdout);
  const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(folder, sizeof folder, "%s/onhook-test-XXXXXX", parent);
  if (mkdtemp(folder) == NULL) {
    printf("# there is no folder to test in\n");
    return 1;
  }
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    t->run();
    fflush(stdout);
    exit(0); /* not _exit: the sanitizers report leaks now */
  }
  setpgid(child, child);
  int status = wait_for(child, t->limit_s == 0 ? 20 : t->limit_s);
  nftw(folder, delete_one, 16, FTW_DEPTH | FTW_PHYS);
  if (WIFSIGNALED(status)) {
    printf("# ended by signal %d\n", WTERMSIG(status));
    return 1;
  }
  return WEXITSTATUS(status);
}

int harness_main(int argc, char **argv, const test *tests, size_t count) {
  const char *only = argc > 1 ? argv[1] : "";
  int failed = 0;
  int number = 0;
  for (size_t i = 0; i < count; i++) {
    if (strstr(tests[i].name, only) == NULL) {
      continue;
    }
    int code = run_one(&tests[i]);
    number++;
    printf("%s %d - %s%s\n", code == 0 || code == EXIT_SKIPPED ? "ok" : "not ok", number,
           tests[i].name, code == EXIT_SKIPPED ? " # SKIP" : "");
    failed += code != 0 && code != EXIT_SKIPPED;
  }
  printf("1..%d\n", number);
  return failed > 0 ? 1 : 0;
}
