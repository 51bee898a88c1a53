/*
 * service.c - starting, stopping, and trying again when the journal cannot be opened.
 *
 * Callouts run at any time, also while the service starts or stops. They see the journal through
 * one pointer. Whoever takes it away waits until nobody who may have seen it is still inside, for a
 * bounded time; failing that, the journal stays mapped for ever, which is harmless.
 */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "costs.h"
#include "journal_file.h"
#include "losses.h"
#include "record.h"

#define RETRY_EVERY_MS 1000u
#define RETRY_SLICE_MS 20u
#define JOIN_LIMIT_MS 1000u
#define LEAVE_LIMIT_MS 1000u
/* So many lines of the event log in one run at most. */
#define REPORTS_MAX 10u

/* Callouts that came in and went out, on a pair of cache lines of its own. */
typedef struct gate {
  _Alignas(128) uint64_t entered;
  uint64_t left;
} gate;

/* Events that found no journal. */
typedef struct missed {
  uint64_t count;
  int64_t first_us;
  int64_t last_us;
} missed;

static struct {
  gate gate[JOURNAL_STRIPES];
  missed missed;      /* atomic fields */
  uint64_t journal;   /* atomic: a journal *, 0 when there is none */
  uint64_t boot;      /* atomic */
  uint64_t running;   /* atomic: 1 between start and stop */
  /* What follows belongs to the lifecycle lock. */
  uint64_t run; /* rises with each start and stop; a thread of an earlier run must not act */
  int64_t started_us;
  uint64_t entered_at_start;
  platform_thread retry;
} service;

moment service_moment;

void service_enter(service_visit *visit) {
  visit->stripe = costs_stripe(visit);
  /* A full fence: either the stopping thread sees this visit, or the visit sees no journal. */
  add_seq(&service.gate[visit->stripe].entered, 1);
  visit->journal = (const journal *)(uintptr_t)load_seq(&service.journal);
  visit->running = load_seq(&service.running) != 0;
  visit->boot = load_relaxed(&service.boot);
}

void service_leave(const service_visit *visit) {
  add_release(&service.gate[visit->stripe].left, 1);
}

void service_count_unavailable(int64_t time_us) {
  int64_t none = 0;
  __atomic_compare_exchange_n(&service.missed.first_us, &none, time_us, false, __ATOMIC_RELAXED,
                              __ATOMIC_RELAXED);
  raise_time(&service.missed.last_us, time_us);
  add_release(&service.missed.count, 1);
}

/* Moves what was missed in this process's memory to the journal's account. */
static void report_missed(const journal *j) {
  uint64_t count = exchange(&service.missed.count, 0);
  if (count == 0) {
    return;
  }
  int64_t first = __atomic_exchange_n(&service.missed.first_us, 0, __ATOMIC_RELAXED);
  int64_t last = load_time(&service.missed.last_us);
  losses_count(j, &(loss){.reason = LOST_JOURNAL_UNAVAILABLE,
                          .count = count,
                          .first_us = first == 0 ? last : first,
                          .last_us = last,
                          .position = load_acquire(&j->header->tail)});
}

static uint64_t entered_total(void) {
  uint64_t total = 0;
  for (int i = 0; i < JOURNAL_STRIPES; i++) {
    total += load_seq(&service.gate[i].entered);
  }
  return total;
}

/* Waits until everybody who was inside when it was called has left. */
static bool wait_for_visits(uint32_t limit_ms) {
  uint32_t waited = 0;
  for (int i = 0; i < JOURNAL_STRIPES; i++) {
    for (;; waited++) {
      /* In this order: when they are equal, nobody was inside at the first reading. */
      uint64_t left = load_seq(&service.gate[i].left);
      if (left == load_seq(&service.gate[i].entered)) {
        break;
      }
      if (waited >= limit_ms) {
        return false;
      }
      platform_sleep_ms(1);
    }
  }
  return true;
}

/* The capacity that is asked for, brought into its range and down to a power of two. */
static uint64_t wanted_capacity(void) {
  uint64_t asked = platform_journal_bytes();
  if (asked == 0) {
    return ONHOOK_CAPACITY_DEFAULT;
  }
  uint64_t capacity = ONHOOK_CAPACITY_MIN;
  while (capacity < ONHOOK_CAPACITY_MAX && capacity * 2 <= asked) {
    capacity *= 2;
  }
  return capacity;
}

/* Opens the journal; null when it cannot be, `e` says why. Takes no lock, may take its time. */
static journal *open_journal(error *e) {
  char path[PLATFORM_PATH_BYTES];
  if (!platform_journal_path(path, sizeof path)) {
    error_set(e, ONHOOK_OPEN_FAILED, 0, 0,
              "Cannot open the journal: its path is not set or is too long, a path is wanted in "
              "JournalPath or ONHOOK_JOURNAL");
    return NULL;
  }
  journal *j = calloc(1, sizeof *j);
  if (j == NULL) {
    error_set(e, ONHOOK_NO_MEMORY, 0, 0, "Cannot open the journal \"%s\": no memory", path);
    return NULL;
  }
  if (journal_open(path, wanted_capacity(), ROLE_WRITER, j, e) != ONHOOK_OK) {
    free(j);
    return NULL;
  }
  return j;
}

static void close_journal(journal *j) {
  journal_close(j);
  free(j);
}

/* Writes down that the service has started. The caller holds the lifecycle lock. */
static void announce(const journal *j) {
  journal_header *h = j->header;
  report_missed(j);
  store32_seq(&h->last_writer_pid, platform_process_id());
  add_seq(&h->service_starts, 1);
  store_time(&h->last_service_start_us, service.started_us);
  store32_seq(&h->cannot_wake, platform_wake_works(&j->wake) ? 0 : 1);
  record r;
  record_service_start(&r, load_relaxed(&service.boot), service.started_us);
  writer_write(j, &r);
}

/* Hands an open journal to the callouts. The caller holds the lifecycle lock. */
static void connect(journal *j) {
  announce(j);
  store_seq(&service.journal, (uint64_t)(uintptr_t)j);
  /* Those who came in before and saw no journal count in memory until they leave. */
  wait_for_visits(LEAVE_LIMIT_MS);
  report_missed(j);
}

/* What the administrator has been told in a run. */
typedef struct reports {
  uint32_t made;
  error last;
} reports;

_Static_assert(PLATFORM_REPORT_BYTES >= ERROR_TEXT_BYTES + 160, "all of an error is reported");

/* Says why there is no journal, unless that is what was said last. */
static void report_failure(reports *told, const error *e) {
  if (told->made >= REPORTS_MAX || (told->made > 0 && strcmp(told->last.text, e->text) == 0)) {
    return;
  }
  told->made++;
  told->last = *e;
  char text[PLATFORM_REPORT_BYTES];
  snprintf(text, sizeof text,
           "%s.\r\nRemote access goes on. Events are counted as lost until the journal can be "
           "opened; it is tried again every second.",
           e->text);
  platform_report(true, text);
}

static void report_success(const reports *told) {
  if (told->made > 0) {
    platform_report(false, "The journal has been opened. The events that were lost meanwhile are "
                           "in it as one gap.");
  }
}

/* Tries until it succeeds or the run is over. */
static void retry(void *argument) {
  uint64_t run = (uint64_t)(uintptr_t)argument;
  reports told = {0};
  error e;
  for (uint32_t slept = 0;;) {
    platform_sleep_ms(RETRY_SLICE_MS);
    slept += RETRY_SLICE_MS;
    if (load_seq(&service.run) != run) {
      return;
    }
    if (slept < RETRY_EVERY_MS) {
      continue;
    }
    slept = 0;
    journal *j = open_journal(&e);
    if (j == NULL) {
      report_failure(&told, &e);
      continue;
    }
    platform_lifecycle_lock();
    if (load_seq(&service.run) != run) {
      platform_lifecycle_unlock();
      close_journal(j);
      return;
    }
    connect(j);
    platform_lifecycle_unlock();
    report_success(&told);
    return;
  }
}

void service_start(void) {
  platform_lifecycle_lock();
  if (load_seq(&service.running) == 0) {
    platform_stay_loaded();
    uint64_t boot = 0;
    platform_random((uint8_t *)&boot, sizeof boot);
    store_seq(&service.boot, boot == 0 ? 1 : boot);
    service.started_us = moment_read_clock(&service_moment);
    service.entered_at_start = entered_total();
    uint64_t run = add_seq(&service.run, 1) + 1;
    store_seq(&service.running, 1);
    error e;
    journal *j = open_journal(&e);
    if (j != NULL) {
      connect(j);
    } else {
      platform_thread_start(&service.retry, retry, (void *)(uintptr_t)run);
    }
  }
  platform_lifecycle_unlock();
}

void service_stop(void) {
  platform_lifecycle_lock();
  if (load_seq(&service.running) == 0) {
    platform_lifecycle_unlock();
    return;
  }
  store_seq(&service.running, 0);
  add_seq(&service.run, 1);
  platform_thread thread = service.retry;
  service.retry = (platform_thread){0};
  journal *j = (journal *)(uintptr_t)exchange(&service.journal, 0);
  uint64_t callouts = entered_total() - service.entered_at_start;
  bool empty = wait_for_visits(LEAVE_LIMIT_MS);
  error e;
  if (j == NULL && (j = open_journal(&e)) != NULL) {
    announce(j); /* the last moment to tell what was missed */
  }
  if (j != NULL) {
    report_missed(j);
    record r;
    record_service_stop(&r, load_relaxed(&service.boot), platform_time_us(), callouts);
    writer_write(j, &r);
    if (empty) {
      close_journal(j);
    }
  }
  platform_lifecycle_unlock();
  /* Not under the lock, which the thread may be waiting for. */
  platform_thread_join(&thread, JOIN_LIMIT_MS);
}
