/*
 * journal_fuzz.c - a journal file from outside: damaged, opened, drained, committed, opened again
 * and written to. Never a crash, a hang, or an entry that its decoder could not trust; and after
 * damage before the opening, what is written next arrives.
 *
 * The input is a program. Its first byte is where the positions of the undamaged file begin, in
 * eighths of its capacity. Then operations, a byte each and what it wants; see `operate`. At the
 * end the file is opened if it was not, drained, committed, opened again, written to and drained.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "journal_file.h"
#include "reader.h"
#include "record.h"
#include "writer.h"

#define SMALL ONHOOK_CAPACITY_MIN
#define FILE_BYTES ((size_t)(JOURNAL_HEADER_BYTES + SMALL + JOURNAL_SLACK_BYTES))
#define LAST_NUMBER 0xABCDEFu

static char folder[64];
static char path[128];
static uint8_t *template; /* a new journal */
static int fd = -1;
static uint8_t *file; /* the file at `path`, mapped */

static onhook_reader *reader;
static journal writer;
static bool writing;
static bool touched_open; /* damaged while it was open */
static uint32_t number_seen;

static void clear_folder(void) {
  DIR *entries = opendir(folder);
  REQUIRE(entries != NULL);
  for (struct dirent *one; (one = readdir(entries)) != NULL;) {
    if (one->d_name[0] != '.') {
      unlinkat(dirfd(entries), one->d_name, 0);
    }
  }
  closedir(entries);
}

static void remove_folder(void) {
  clear_folder();
  rmdir(folder);
}

static void make_file(void) {
  if (file != NULL) {
    munmap(file, FILE_BYTES);
    close(fd);
  }
  clear_folder();
  error e;
  REQUIRE(journal_open(path, SMALL, ROLE_WRITER, &writer, &e) == ONHOOK_OK);
  journal_close(&writer);
  fd = open(path, O_RDWR | O_CLOEXEC);
  REQUIRE(fd >= 0);
  file = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  REQUIRE(file != MAP_FAILED);
}

static void prepare(void) {
  if (file != NULL) {
    return;
  }
  const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(folder, sizeof folder, "%s/onhook-fuzz-XXXXXX", parent);
  REQUIRE(mkdtemp(folder) != NULL);
  atexit(remove_folder);
  snprintf(path, sizeof path, "%s/journal", folder);
  make_file();
  template = malloc(FILE_BYTES);
  REQUIRE(template != NULL);
  memcpy(template, file, FILE_BYTES);
}

/* -- damage -- */

static void put(uint64_t at, const void *value, size_t bytes) {
  if (at + bytes <= FILE_BYTES) {
    memcpy(file + at, value, bytes);
  }
}

static uint64_t place_of(uint64_t position) { return JOURNAL_HEADER_BYTES + position % SMALL; }

static uint64_t tail_in_file(void) {
  uint64_t tail;
  memcpy(&tail, file + offsetof(journal_header, tail), 8);
  return tail;
}

/* A position in the lap that tail is in, or the one before it. */
static uint64_t input_position(input *in) {
  return tail_in_file() - SMALL + input_number(in, 2) * UNIT;
}

static void put_bytes(input *in) {
  uint64_t at = input_number(in, 3);
  size_t bytes = (size_t)input_number(in, 1) % 64;
  for (size_t i = 0; i < bytes; i++) {
    uint8_t byte = (uint8_t)input_number(in, 1);
    put(at + i, &byte, 1);
  }
}

static void put_control(input *in) {
  uint64_t at = offsetof(journal_header, tail) + 8 * (input_number(in, 1) % 90);
  uint64_t value = input_number(in, 8);
  put(at, &value, 8);
}

static void put_word(input *in) {
  uint64_t position = input_position(in);
  unsigned state = (unsigned)input_number(in, 1);
  uint64_t word = word_make(state & 3, input_number(in, 1) * UNIT, position) |
                  ((state & 4) != 0 ? WORD_COUNTED : 0);
  put(place_of(position), &word, 8);
}

/* A record whose checksum is right, whatever else is in it. Its word may have another length. */
static void put_record(input *in) {
  uint64_t position = input_position(in);
  _Alignas(8) uint8_t bytes[JOURNAL_RECORD_BYTES_MAX] = {0};
  uint32_t said = (uint32_t)input_number(in, 2) % (sizeof bytes + 1);
  uint32_t length = said < sizeof(entry_header) ? (uint32_t)sizeof(entry_header) : said;
  uint64_t lie = input_number(in, 1) % 4;
  uint32_t given = (uint32_t)input_number(in, 1);
  for (uint32_t i = 0; i < given && i < length - 36; i++) {
    bytes[36 + i] = (uint8_t)input_number(in, 1);
  }
  uint64_t word = word_make(WORD_PUBLISHED, round_up(said, UNIT) + lie * UNIT, position);
  memcpy(bytes + offsetof(entry_header, bytes), &said, 4);
  uint32_t checksum = checksum_entry(bytes, length);
  memcpy(bytes, &word, 8);
  memcpy(bytes + offsetof(entry_header, checksum), &checksum, 4);
  put(place_of(position), bytes, length);
}

/* An identity whose checksum is right. */
static void put_identity(input *in) {
  uint64_t at = input_number(in, 1) % 64;
  uint64_t value = input_number(in, 8);
  put(at, &value, at > 56 ? 64 - at : 8);
  uint64_t checksum = checksum_of_unit(file);
  put(offsetof(journal_identity, checksum), &checksum, 8);
}

/* -- use -- */

static void write_one(uint32_t number, unsigned text) {
  onhook_ras_port_0 p0 = {.total_calls = number};
  for (unsigned i = 0; i < text && i < 129; i++) {
    p0.device_name[i] = 'a';
  }
  record r;
  record_link(&r, ENTRY_LINK_HANGUP, &p0, NULL, 77, 1000000);
  writer_write(&writer, &r);
}

static void check_entries(const uint8_t *bytes, const onhook_drained *d) {
  uint32_t at = 0;
  for (uint32_t i = 0; i < d->entries; i++) {
    entry_header h;
    REQUIRE(at + sizeof h <= d->bytes);
    memcpy(&h, bytes + at, sizeof h);
    REQUIRE(h.bytes <= d->bytes - at && h.sequence == 0 && h.reserved == 0);
    if (h.type == ENTRY_GAP) {
      REQUIRE(h.bytes == sizeof(entry_gap) && h.checksum == 0);
    } else {
      require_decodable(bytes + at, h.bytes);
    }
    if (h.type == ENTRY_LINK_HANGUP && h.version == ENTRY_VERSION) {
      onhook_ras_port_0 p0;
      memcpy(&p0, bytes + at + offsetof(entry_link_hangup, port0), 28);
      number_seen = p0.total_calls;
    }
    at += (h.bytes + 7) & ~7u;
  }
  REQUIRE(at == d->bytes);
}

/* In a buffer of exactly that size. */
static int32_t drain_once(uint32_t room, uint32_t entries_max, onhook_drained *d) {
  uint64_t before = reader->position;
  uint8_t *buffer = malloc(room);
  REQUIRE(buffer != NULL);
  int32_t code = onhook_reader_drain(reader, buffer, room, entries_max, d);
  if (code == ONHOOK_OK) {
    REQUIRE(d->entries <= entries_max && d->bytes <= room);
    REQUIRE(d->position >= before && d->position % UNIT == 0);
    check_entries(buffer, d);
  } else {
    REQUIRE((code == ONHOOK_DAMAGED && touched_open) ||
            (code == ONHOOK_BUFFER_TOO_SMALL && room < JOURNAL_RECORD_BYTES_MAX));
  }
  free(buffer);
  return code;
}

static void commit(const onhook_drained *d) {
  REQUIRE(onhook_reader_commit(reader, d->position, d->lost_total) == ONHOOK_OK);
}

/* To the end; claims do not have to be waited for. False when the header has been damaged. */
static bool drain_all(void) {
  for (int calls = 0; calls < 300; calls++) {
    onhook_drained d = {0};
    reader->watch.observed_ns = UINT64_C(2000000000);
    if (drain_once(1 << 16, 512, &d) != ONHOOK_OK) {
      return false;
    }
    commit(&d);
    reader->watch.observed_ns = UINT64_C(2000000000);
    if (d.entries == 0 && reader_look(reader) == LOOK_END) {
      return true;
    }
  }
  fprintf(stderr, "a drain does not end\n");
  abort();
}

static void close_all(void) {
  if (reader != NULL) {
    REQUIRE(onhook_reader_close(reader) == ONHOOK_OK);
    reader = NULL;
  }
  if (writing) {
    journal_close(&writer);
    writing = false;
  }
}

/* A writer must get a journal, whatever stood at the path. */
static void open_as_writer(void) {
  error e;
  REQUIRE(journal_open(path, SMALL, ROLE_WRITER, &writer, &e) == ONHOOK_OK);
  write_one(1, 1);
  journal_close(&writer);
  make_file();
}

/* False when the file was refused. */
static bool open_all(void) {
  int32_t code = onhook_reader_open(path, 0, &reader);
  if (code != ONHOOK_OK) {
    REQUIRE(code == ONHOOK_UNKNOWN_FORMAT || code == ONHOOK_DAMAGED);
    return false;
  }
  /* Damage can come between the two only here, where nobody else is. */
  error e;
  REQUIRE(journal_open(path, SMALL, ROLE_WRITER, &writer, &e) == ONHOOK_OK);
  writing = true;
  return true;
}

static void use_once(input *in) {
  onhook_drained d = {0};
  uint32_t room = (uint32_t)input_number(in, 2);
  uint32_t entries_max = (uint32_t)input_number(in, 1) + 1;
  bool committing = (input_number(in, 1) & 1) != 0;
  if (drain_once(room, entries_max, &d) == ONHOOK_OK && committing) {
    commit(&d);
  }
}

static void read_statistics(void) {
  onhook_statistics s;
  reader->opened_ns = 0; /* or it would sleep to learn the rate of ticks */
  REQUIRE(onhook_reader_statistics(reader, &s) == ONHOOK_OK);
}

/* One operation. False when the file was refused. */
static bool operate(input *in) {
  unsigned operation = (unsigned)input_number(in, 1) % 12;
  touched_open = touched_open || (reader != NULL && operation < 5);
  switch (operation) {
    case 0:
      put_bytes(in);
      return true;
    case 1:
      put_control(in);
      return true;
    case 2:
      put_word(in);
      return true;
    case 3:
      put_record(in);
      return true;
    case 4:
      put_identity(in);
      return true;
    case 5: /* another size; not while it is mapped by the library */
      if (reader == NULL) {
        uint64_t bytes = input_number(in, 3) % (FILE_BYTES * 2);
        REQUIRE(ftruncate(fd, (off_t)bytes) == 0);
        bool opened = open_all();
        REQUIRE(!opened || bytes == FILE_BYTES);
        return opened;
      }
      return true;
    case 6:
      close_all();
      return open_all();
    case 7:
    case 8: {
      uint32_t count = (uint32_t)input_number(in, 1);
      unsigned text = (unsigned)input_number(in, 1);
      for (uint32_t i = 0; writing && i < count; i++) {
        write_one(i, text);
      }
      return true;
    }
    case 9:
      if (reader != NULL) {
        read_statistics();
      }
      return true;
    default:
      if (reader != NULL) {
        use_once(in);
      }
      return true;
  }
}

/* Drain, commit, open again, write, drain. False when the file was refused. */
static bool finish(void) {
  if ((reader == NULL && !open_all()) || !drain_all()) {
    return false;
  }
  close_all();
  if (!open_all()) {
    REQUIRE(touched_open);
    return false;
  }
  number_seen = 0;
  /* Three tries: the first may find garbage where it wants to write. */
  for (int tries = 0; tries < 3 && number_seen != LAST_NUMBER; tries++) {
    write_one(LAST_NUMBER, 20);
    if (!drain_all()) {
      return false;
    }
  }
  REQUIRE(number_seen == LAST_NUMBER || touched_open);
  return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
  prepare();
  input in = {data, bytes};
  memcpy(file, template, FILE_BYTES);
  uint64_t start = input_number(&in, 1) * (SMALL / 8);
  put(offsetof(journal_header, tail), &start, 8);
  put(offsetof(journal_header, head), &start, 8);
  put(offsetof(journal_header, release), &start, 8);
  touched_open = false;
  bool good = true;
  for (int i = 0; good && in.left > 0 && i < 64; i++) {
    good = operate(&in);
  }
  good = good && finish();
  close_all();
  if (!good && bytes % 4 == 0) {
    open_as_writer();
  } else if (!good) {
    REQUIRE(ftruncate(fd, (off_t)FILE_BYTES) == 0);
  }
  return 0;
}
