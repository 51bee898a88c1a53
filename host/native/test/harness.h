/*
 * harness.h - a test runner of its own: every test in a process of its own with a time limit, one
 * line of output for each (TAP).
 */
#ifndef ONHOOK_TEST_HARNESS_H
#define ONHOOK_TEST_HARNESS_H

#include <stddef.h>
#include <stdint.h>

typedef struct test {
  const char *name; /* `symbol() does X when Y` */
  void (*run)(void);
  unsigned limit_s; /* 0: 20 s */
} test;

/*
 * Runs the tests whose names contain the first argument, all without one. Returns the process's
 * exit code: 1 when one has failed.
 */
int harness_main(int argc, char **argv, const test *tests, size_t count);

/* A new, empty folder for the running test; deleted when it has ended, however it ends. */
const char *new_folder(void);

/* Ends the test. */
_Noreturn void harness_fail(const char *file, int line, const char *what, int64_t found,
                            int64_t wanted);
_Noreturn void harness_skip(const char *why);

#define CHECK(condition)                                          \
  do {                                                            \
    if (!(condition)) {                                           \
      harness_fail(__FILE__, __LINE__, #condition, 0, 1);         \
    }                                                             \
  } while (0)

#define CHECK_EQ(found, wanted)                                                     \
  do {                                                                              \
    int64_t found_ = (int64_t)(found);                                              \
    int64_t wanted_ = (int64_t)(wanted);                                            \
    if (found_ != wanted_) {                                                        \
      harness_fail(__FILE__, __LINE__, #found " == " #wanted, found_, wanted_);     \
    }                                                                               \
  } while (0)

#define TESTS_MAIN(tests)                                                    \
  int main(int argc, char **argv) {                                          \
    return harness_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0])); \
  }

#endif
