/*
 * corruption_test.c - random damage to a journal file, a million times: before it is opened and
 * while it is open. Never a crash, a hang or an entry that its decoder could not trust; and after
 * damage to records, what is written next arrives.
 *
 * ONHOOK_CORRUPTIONS is the number of damaged files, ONHOOK_SEED where the random numbers start.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checksum.h"
#include "support.h"

#define FILE_BYTES ((size_t)(JOURNAL_HEADER_BYTES + SMALL + JOURNAL_SLACK_BYTES))
#define TEMPLATES 5
#define WORKERS 2

static uint64_t seed;
static char path[512];
static uint8_t *file; /* the file at `path`, mapped */
static uint8_t *template[TEMPLATES];
static uint64_t opened;
static uint64_t refused;
static uint64_t entries;
static uint64_t connections;
static uint64_t gaps;

static uint64_t below(uint64_t limit) { return next_random(&seed) % limit; }

static void map_file(void) {
  int fd = open(path, O_RDWR);
  CHECK(fd >= 0);
  file = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK(file != MAP_FAILED);
  close(fd);
}

/* A connection with texts of all lengths. */
static void write_connection(const journal *j, uint32_t number) {
  static uint8_t bytes[1200];
  memset(bytes, 'a' + (int)(number % 26), sizeof bytes);
  memset(bytes + 28 + 2 * (number % 500), 0, 2);
  const connection_pointers from = {
      {bytes, number % 3 == 0 ? NULL : bytes, bytes, number % 4 == 0 ? NULL : bytes}};
  record r;
  record_connection(&r, (uint16_t)(ENTRY_CONNECTION_UP + number % 3), &from, 77, 1000000);
  writer_write(j, &r);
}

/* Journals as they are found: new, used, gone around, full, with claims of dead writers. */
static void make_templates(void) {
  for (int kind = 0; kind < TEMPLATES; kind++) {
    journal j = open_writer(path);
    journal_header *h = j.header;
    if (kind >= 2) {
      h->tail = h->head = h->release = SMALL * 5 - 4096;
    }
    uint32_t count = kind == 0 ? 0 : kind == 3 ? 5000 : 40;
    for (uint32_t i = 0; i < count; i++) {
      write_hangup(&j, i, i % 130);
      if (i % 5 == 4) {
        write_connection(&j, i);
      }
    }
    if (kind == 4) {
      for (int i = 0; i < 3; i++) {
        uint64_t at = h->tail;
        *ring_word(&j, at) = word_make(WORD_CLAIMED, 64u << i, at);
        h->tail = i == 2 ? at : at + (64u << i);
        write_hangup(&j, 7, 7);
      }
    }
    journal_close(&j);
    map_file();
    template[kind] = malloc(FILE_BYTES);
    CHECK(template[kind] != NULL);
    memcpy(template[kind], file, FILE_BYTES);
    munmap(file, FILE_BYTES);
    CHECK_EQ(unlink(path), 0);
  }
}

static uint64_t interesting(void) {
  static const uint64_t values[] = {0,  1,          2,          63,
                                    64, 0xFFFFFFFF, UINT64_MAX, UINT64_C(1) << 63,
                                    65, SMALL,      SMALL - 64, UINT64_MAX - 63};
  switch (below(4)) {
    case 0:
      return values[below(sizeof values / sizeof values[0])];
    case 1:
      return below(SMALL * 8) & ~UINT64_C(63);
    case 2:
      return UINT64_C(1) << below(64);
    default:
      return next_random(&seed);
  }
}

static void put(uint64_t at, uint64_t value, size_t bytes) { memcpy(file + at, &value, bytes); }

/* A word that is valid for some position. */
static void put_word(void) {
  journal_header h;
  memcpy(&h, file, sizeof h);
  uint64_t position = (h.head + below(SMALL * 2)) & ~UINT64_C(63);
  uint64_t word = word_make((unsigned)below(4), below(70) * 64, position) | below(2) << 15;
  put(JOURNAL_HEADER_BYTES + position % SMALL, word, 8);
}

/* A record whose checksum is right and whose lengths may not be. */
static void put_record(void) {
  journal_header h;
  memcpy(&h, file, sizeof h);
  uint64_t position = (h.head + below(SMALL)) & ~UINT64_C(63);
  record r;
  memset(&r, (int)below(256), sizeof r);
  r.as.header.type = (uint16_t)below(34);
  r.as.header.version = (uint16_t)below(3);
  r.as.header.bytes = 48 + (uint32_t)below(528);
  if (below(2) == 0) {
    r.as.header.type = (uint16_t)(ENTRY_LINK_UP + below(4));
    r.as.header.bytes = 288 + 176 * (uint32_t)below(2) + (uint32_t)below(3);
    r.as.connection.present = (uint16_t)below(18);
    for (int i = 0; i < 12; i++) {
      r.as.connection.units[i] = (uint16_t)(below(3) == 0 ? below(300) : 0);
      r.as.header.bytes += 2u * r.as.connection.units[i];
    }
  }
  if (r.as.header.bytes > 2816) {
    r.as.header.bytes = 2816;
  }
  uint64_t length = below(4) == 0 ? 64 * (1 + below(44)) : round_up(r.as.header.bytes, UNIT);
  r.as.header.word = word_make(WORD_PUBLISHED, length, position);
  r.as.header.checksum = checksum_entry(r.as.bytes, r.as.header.bytes);
  memcpy(file + JOURNAL_HEADER_BYTES + position % SMALL, r.as.bytes, 2816);
}

static void damage_once(void) {
  switch (below(8)) {
    case 0: /* identity */
      put(below(72), next_random(&seed), 1);
      break;
    case 1: /* a field of control */
      put(4096 + 8 * below(83), interesting(), 8);
      break;
    case 2:
      put(below(2) == 0 ? offsetof(journal_header, tail) : offsetof(journal_header, head),
          interesting(), 8);
      break;
    case 3:
      put_word();
      break;
    case 4:
      put_record();
      break;
    case 5: /* a hole, as a loss of power leaves it */
      memset(file + JOURNAL_HEADER_BYTES + (below(SMALL) & ~UINT64_C(511)), (int)below(2) * 255,
             512);
      break;
    default: /* bytes anywhere in the ring */
      put(JOURNAL_HEADER_BYTES + below(SMALL), next_random(&seed), 1 + below(8));
  }
}

static void damage(void) {
  for (uint64_t i = 1 + below(4); i > 0; i--) {
    damage_once();
  }
}

static void check_connection(const uint8_t *bytes, const entry_header *h) {
  static const uint32_t units_max[12] = CONNECTION_UNITS_MAX;
  uint32_t wanted = h->type == ENTRY_REAUTHENTICATION ? 464 : 288;
  entry_connection c;
  CHECK(h->bytes >= wanted);
  memcpy(&c, bytes, sizeof c);
  for (int i = 0; i < 12; i++) {
    CHECK(c.units[i] <= units_max[i]);
    wanted += 2u * c.units[i];
  }
  CHECK_EQ(wanted, h->bytes);
  CHECK(c.present <= (h->type == ENTRY_REAUTHENTICATION ? 15 : 7));
  connections++;
}

/* What a decoder relies on. */
static void check_entry(const taken *t, uint32_t i) {
  entry_header h = entry_at(t, i);
  const uint8_t *bytes = t->bytes + t->at[i];
  CHECK_EQ(h.sequence | h.reserved, 0);
  if (h.type == ENTRY_GAP) {
    gaps++;
    CHECK_EQ(h.bytes, 80);
    return;
  }
  entries++;
  CHECK_EQ(h.checksum, checksum_entry(bytes, h.bytes));
  if (h.type >= ENTRY_CONNECTION_UP && h.type <= ENTRY_REAUTHENTICATION && h.version == 1) {
    check_connection(bytes, &h);
  }
  if ((h.type == ENTRY_LINK_HANGUP || h.type == ENTRY_LINK_UP) && h.version == 1) {
    entry_link_hangup hangup;
    CHECK(h.bytes >= sizeof hangup);
    memcpy(&hangup, bytes, sizeof hangup);
    CHECK_EQ(168 + 2 * (hangup.units[0] + hangup.units[1] + hangup.units[2] + hangup.units[3]),
             h.bytes);
    CHECK(hangup.units[0] <= 17 && hangup.units[1] <= 17 && hangup.units[2] <= 129 &&
          hangup.units[3] <= 17);
  }
}

/* Drains to the end; claims do not have to be waited for. */
static int32_t drain_all(onhook_reader *r, uint32_t *last_number) {
  static uint64_t buffer[8192];
  static taken t;
  t.bytes = (uint8_t *)buffer;
  for (int calls = 0; calls < 300; calls++) {
    r->watch.observed_ns = UINT64_C(2000000000);
    int32_t code = onhook_reader_drain(r, t.bytes, sizeof buffer, 512, &t.drained);
    if (code != ONHOOK_OK) {
      return code;
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < t.drained.entries; i++) {
      t.at[i] = at;
      check_entry(&t, i);
      at += (entry_at(&t, i).bytes + 7) & ~7u;
      if (entry_at(&t, i).type == ENTRY_LINK_HANGUP && entry_at(&t, i).version == 1) {
        *last_number = number_at(&t, i);
      }
    }
    CHECK_EQ(at, t.drained.bytes);
    if (below(3) != 0) {
      CHECK_EQ(onhook_reader_commit(r, t.drained.position, t.drained.lost_total), ONHOOK_OK);
    }
    r->watch.observed_ns = UINT64_C(2000000000);
    if (t.drained.entries == 0 && reader_look(r) == LOOK_END) {
      CHECK_EQ(onhook_reader_commit(r, t.drained.position, t.drained.lost_total), ONHOOK_OK);
      return ONHOOK_OK;
    }
  }
  harness_fail(__FILE__, __LINE__, "a drain ends", 0, 1);
}

/* A new journal at `path`, for after one has been set aside. */
static void renew(void) {
  munmap(file, FILE_BYTES);
  unlink(path);
  journal j = open_writer(path);
  journal_close(&j);
  map_file();
}

static void set_aside_now(void) {
  journal j;
  error e;
  CHECK_EQ(journal_open(path, SMALL, ROLE_WRITER, &j, &e), ONHOOK_OK);
  write_hangup(&j, 1, 1);
  journal_close(&j);
  char command[700];
  snprintf(command, sizeof command, "rm -f %s.set-aside*", path);
  CHECK_EQ(system(command), 0);
  renew();
}

static void once(uint64_t number) {
  memcpy(file, template[below(TEMPLATES)], FILE_BYTES);
  bool while_open = below(3) == 0;
  if (!while_open) {
    damage();
  }
  onhook_reader *r;
  int32_t code = onhook_reader_open(path, 0, &r);
  if (code != ONHOOK_OK) {
    CHECK(code == ONHOOK_UNKNOWN_FORMAT || code == ONHOOK_DAMAGED);
    refused++;
    if (number % 128 == 0) {
      set_aside_now();
    }
    return;
  }
  opened++;
  journal j;
  error e;
  CHECK_EQ(journal_open(path, SMALL, ROLE_WRITER, &j, &e), ONHOOK_OK);
  if (while_open) {
    damage();
  }
  uint32_t last = 0;
  for (uint32_t i = 0; i < 3; i++) {
    write_hangup(&j, 1, 20);
  }
  code = drain_all(r, &last);
  CHECK(code == ONHOOK_OK || (while_open && code == ONHOOK_DAMAGED));
  if (code == ONHOOK_OK && !while_open) {
    /* Up to three tries: the first may find garbage where it wants to write. */
    for (int tries = 0; tries < 3 && last != 0xABCDEF; tries++) {
      write_hangup(&j, 0xABCDEF, 20);
      CHECK_EQ(drain_all(r, &last), ONHOOK_OK);
    }
    CHECK_EQ(last, 0xABCDEF);
  }
  onhook_statistics s;
  r->opened_ns = 0; /* or it would sleep to learn the rate of ticks */
  CHECK_EQ(onhook_reader_statistics(r, &s), ONHOOK_OK);
  journal_close(&j);
  CHECK_EQ(onhook_reader_close(r), ONHOOK_OK);
}

static uint64_t setting(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

static void work(uint64_t count, uint64_t first_seed, int worker) {
  snprintf(path, sizeof path, "%s/worker-%d", new_folder(), worker);
  make_templates();
  journal j = open_writer(path);
  journal_close(&j);
  map_file();
  for (uint64_t i = 0; i < count; i++) {
    seed = first_seed + i * 1000003;
    once(i);
  }
  printf("# worker %d: seeds from %" PRIu64 ": %" PRIu64 " opened, %" PRIu64 " refused, %" PRIu64
         " entries, %" PRIu64 " of connections, %" PRIu64 " gaps\n",
         worker, first_seed, opened, refused, entries, connections, gaps);
}

static void corruptions(void) {
  uint64_t count = setting("ONHOOK_CORRUPTIONS", 1000000);
  uint64_t first_seed = setting("ONHOOK_SEED", 1);
  new_folder();
  pid_t pid[WORKERS];
  fflush(stdout);
  for (int i = 0; i < WORKERS; i++) {
    pid[i] = fork();
    if (pid[i] == 0) {
      work(count / WORKERS, first_seed + (uint64_t)i, i);
      fflush(stdout);
      _exit(0);
    }
  }
  for (int i = 0; i < WORKERS; i++) {
    int status;
    CHECK_EQ(waitpid(pid[i], &status, 0), pid[i]);
    CHECK_EQ(status, 0);
  }
}

static const test tests[] = {
    {"open(), drain(), commit() and writing survive random damage", corruptions, 300},
};

TESTS_MAIN(tests)
