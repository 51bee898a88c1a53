/*
 * connections_test.c - what RRAS may pass of connections: every byte of every event against tables
 * of offsets, and structures that end at a page that cannot be read.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "support.h"

#define STRUCTURES 4
static const size_t sizes[STRUCTURES] = {1128, 296, 848, 792};
/* Behind these nothing is needed: what follows is padding. */
static const size_t needed[STRUCTURES] = {1122, 296, 848, 792};

/* Bytes of a structure and where an entry has them, written out once more on purpose: a slip in
   ras.h or journal.h must not be able to hide in its own test. */
static const struct copied {
  uint32_t structure, from, bytes, to;
} copied[] = {
    {0, 0, 28, 80},                                                           /* to the flags */
    {1, 0, 16, 112},  {1, 56, 4, 128},  {1, 248, 48, 136},                    /* IPCP, counters */
    {2, 0, 8, 184},   {2, 524, 20, 192}, {2, 584, 4, 212}, {2, 652, 8, 216},  /* IPCP */
    {2, 784, 20, 224}, {2, 804, 44, 244},                                     /* CCP, LCP */
    {3, 0, 8, 288},   {3, 8, 8, 296},   {3, 532, 4, 304},  {3, 536, 16, 308}, /* to the GUID */
    {3, 592, 4, 324}, {3, 660, 8, 328}, {3, 668, 48, 336},                    /* IPCP, IPv6 */
    {3, 716, 20, 384}, {3, 736, 44, 404}, {3, 780, 4, 448}, {3, 784, 8, 452}, /* CCP, LCP, NAP */
};

static const struct string {
  uint32_t structure, from, units;
} strings[12] = {
    {0, 28, 257},  {0, 542, 257}, {0, 1056, 16}, {0, 1088, 17}, {1, 60, 16},  {1, 92, 16},
    {2, 8, 257},   {2, 588, 16},  {2, 620, 16},  {3, 16, 257},  {3, 596, 16}, {3, 628, 16},
};

static uint64_t seed = 5;

static void start(void) {
  setenv("ONHOOK_JOURNAL", new_path(), 1);
  setenv("ONHOOK_JOURNAL_BYTES", "65536", 1);
  CHECK_EQ(MprAdminInitializeDll(), 0);
  reader = open_reader(getenv("ONHOOK_JOURNAL"));
  const taken *t = take(reader, 1);
  CHECK_EQ(entry_at(t, 0).type, ENTRY_SERVICE_START);
  commit(reader, t);
}

static void stop(void) {
  CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
  CHECK_EQ(MprAdminTerminateDll(), 0);
}

static void call(uint16_t type, const void *const p[STRUCTURES]) {
  if (type == ENTRY_CONNECTION_UP) {
    CHECK_EQ(MprAdminAcceptNewConnection2(p[0], p[1], p[2]), 1);
  } else if (type == ENTRY_REAUTHENTICATION) {
    CHECK_EQ(MprAdminAcceptReauthentication(p[0], p[1], p[2], p[3]), 1);
  } else {
    MprAdminConnectionHangupNotification2(p[0], p[1], p[2]);
  }
}

/* Bytes of a structure that are there. */
static uint64_t given(uint16_t type, const void *const p[STRUCTURES], uint32_t structure) {
  if (p[structure] == NULL || (structure == 3 && type != ENTRY_REAUTHENTICATION)) {
    return 0;
  }
  uint32_t bytes = (uint32_t)sizes[structure];
  if (structure == 3) {
    memcpy(&bytes, (const uint8_t *)p[3] + 4, 4);
    bytes = bytes < 8 ? 8 : bytes;
  }
  return bytes;
}

/* The entry that a correct library writes, from 48 on. Returns its length. */
static uint32_t expect(uint8_t *wanted, uint16_t type, const void *const p[STRUCTURES]) {
  uint32_t at = type == ENTRY_REAUTHENTICATION ? 464 : 288;
  uint16_t present = 0;
  for (uint32_t n = 0; n < STRUCTURES; n++) {
    present |= (uint16_t)((given(type, p, n) != 0) << n);
  }
  memcpy(wanted + 48, &present, 2);
  for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++) {
    const struct copied *c = &copied[i];
    if (c->from + c->bytes <= given(type, p, c->structure)) {
      memcpy(wanted + c->to, (const uint8_t *)p[c->structure] + c->from, c->bytes);
    }
  }
  for (size_t i = 0; i < 12; i++) {
    const struct string *s = &strings[i];
    if (s->from + 2 * s->units <= given(type, p, s->structure)) {
      uint16_t n = (uint16_t)expected_text(
          wanted + at, (const uint8_t *)p[s->structure] + s->from, s->units);
      memcpy(wanted + 52 + 2 * i, &n, 2);
      at += 2u * n;
    }
  }
  return at;
}

/* Calls out and compares every byte of what the reader gets. */
static void check_call(uint16_t type, const void *const p[STRUCTURES]) {
  int64_t before = platform_time_us();
  call(type, p);
  int64_t after = platform_time_us();
  const taken *t = take(reader, 4);
  CHECK_EQ(t->drained.entries, 1);
  entry_header header = entry_at(t, 0);
  CHECK(header.time_us >= before - 5 && header.time_us <= after); /* see moment.h */
  CHECK(header.boot != 0);
  CHECK_EQ(header.type, type);
  CHECK_EQ(header.version, 1);
  static uint8_t wanted[4096];
  memset(wanted, 0, sizeof wanted);
  uint32_t bytes = expect(wanted, type, p);
  CHECK_EQ(header.bytes, bytes);
  CHECK_EQ(memcmp(wanted + 48, t->bytes + 48, bytes - 48), 0);
  CHECK_EQ(header.checksum, checksum_entry(t->bytes, bytes));
  commit(reader, t);
}

static void check_all(const void *const p[STRUCTURES]) {
  check_call(ENTRY_CONNECTION_UP, p);
  check_call(ENTRY_CONNECTION_HANGUP, p);
  check_call(ENTRY_REAUTHENTICATION, p);
}

static void set_size(uint8_t *connection3, uint32_t size) { memcpy(connection3 + 4, &size, 4); }

/* Random bytes, and texts that end somewhere. */
static void fill(uint8_t *to, uint32_t structure) {
  for (size_t i = 0; i < needed[structure]; i++) {
    to[i] = (uint8_t)(next_random(&seed) | 1);
  }
  for (size_t i = 0; i < 12; i++) {
    if (strings[i].structure == structure) {
      uint64_t end = next_random(&seed) % (strings[i].units + 1);
      if (end < strings[i].units) {
        memset(to + strings[i].from + 2 * end, 0, 2);
      }
    }
  }
  if (structure == 3) {
    set_size(to, 792);
  }
}

static uint8_t structure[STRUCTURES][1200];

static void fill_all(void) {
  for (uint32_t n = 0; n < STRUCTURES; n++) {
    fill(structure[n], n);
  }
}

static void every_field(void) {
  start();
  for (int round = 0; round < 200; round++) {
    fill_all();
    const void *const p[] = {structure[0], structure[1], structure[2], structure[3]};
    check_all(p);
  }
  stop();
}

static void null_pointers(void) {
  start();
  fill_all();
  for (unsigned mask = 0; mask < 16; mask++) {
    const void *p[STRUCTURES];
    for (unsigned n = 0; n < STRUCTURES; n++) {
      p[n] = (mask & 1u << n) != 0 ? structure[n] : NULL;
    }
    check_all(p);
  }
  stop();
}

static void arrays_full(void) {
  start();
  const void *const p[] = {structure[0], structure[1], structure[2], structure[3]};
  memset(structure, 'A', sizeof structure);
  check_all(p);
  memset(structure, 0xFF, sizeof structure);
  check_all(p);
  memset(structure, 0, sizeof structure);
  check_all(p);
  memset(structure, 0xD8, sizeof structure); /* nothing but halves of surrogates */
  set_size(structure[3], 792);
  check_all(p);
  stop();
}

/* Every alignment: each structure ends right before the guard, or up to 7 bytes earlier. */
static void guarded(void) {
  start();
  for (size_t shift = 0; shift < 8; shift++) {
    uint8_t *p[STRUCTURES];
    for (uint32_t n = 0; n < STRUCTURES; n++) {
      p[n] = before_guard(needed[n] + shift);
      memset(p[n], 0xA7, needed[n]);
    }
    set_size(p[3], shift % 2 == 0 ? 792 : UINT32_MAX);
    check_all((const void *const *)p);
  }
  stop();
}

/* A RAS_CONNECTION_3 of every size, which ends there. */
static void every_size(void) {
  start();
  uint8_t *pages = before_guard(4096);
  for (uint32_t size = 0; size <= 792; size++) {
    uint32_t readable = size < 8 ? 8 : size;
    uint8_t *p3 = pages + 4096 - readable;
    memset(p3, 0xA7, readable);
    set_size(p3, size);
    const void *const p[] = {NULL, NULL, NULL, p3};
    check_call(ENTRY_REAUTHENTICATION, p);
    check_call(ENTRY_CONNECTION_HANGUP, p);
  }
  stop();
}

/* More than the structure has by now: nothing behind it is known. */
static void larger_size(void) {
  start();
  fill_all();
  uint8_t *p3 = before_guard(792);
  const void *const p[] = {structure[0], NULL, NULL, p3};
  static const uint32_t larger[] = {793, 800, 4096, 0x7FFFFFFF, 0x80000000, UINT32_MAX};
  for (size_t i = 0; i < sizeof larger / sizeof larger[0]; i++) {
    fill(p3, 3);
    set_size(p3, larger[i]);
    check_call(ENTRY_REAUTHENTICATION, p);
  }
  stop();
}

/* Accepted whatever there is to record to: before the start, without a reader, when full, after. */
static void decisions(void) {
  fill_all();
  const void *const p[] = {structure[0], structure[1], structure[2], structure[3]};
  for (uint16_t type = ENTRY_CONNECTION_UP; type <= ENTRY_REAUTHENTICATION; type++) {
    call(type, p);
  }
  CHECK_EQ(MprAdminAcceptNewLink(NULL, NULL), 1);
  start();
  CHECK_EQ(take(reader, 4)->drained.entries, 0);
  uint64_t lost = 0;
  onhook_statistics s;
  for (int i = 0; i < 200; i++) {
    call((uint16_t)(ENTRY_CONNECTION_UP + i % 3), p);
    CHECK_EQ(MprAdminAcceptNewLink(NULL, NULL), 1);
  }
  CHECK_EQ(onhook_reader_statistics(reader, &s), ONHOOK_OK);
  lost = s.lost_total;
  CHECK(lost > 0);
  CHECK_EQ(s.callouts_total, 400);
  stop();
  for (uint16_t type = ENTRY_CONNECTION_UP; type <= ENTRY_REAUTHENTICATION; type++) {
    call(type, p);
  }
}

static const test tests[] = {
    {"connection callouts copy every field", every_field, 0},
    {"connection callouts leave out what is null", null_pointers, 0},
    {"connection callouts copy full arrays, all ones and halves of surrogates", arrays_full, 0},
    {"connection callouts read no byte behind a structure", guarded, 0},
    {"AcceptReauthentication() reads no more than the size says", every_size, 0},
    {"AcceptReauthentication() reads no more than it knows when the size is larger", larger_size,
     0},
    {"Accept...() always accepts", decisions, 0},
};

TESTS_MAIN(tests)
