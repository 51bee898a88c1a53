/* drain.c - the algorithm "Reading" of include/journal.h. */
#include <stddef.h>
#include <string.h>

#include "entry_check.h"
#include "hooks.h"
#include "losses.h"
#include "reader.h"

/* A time that every consumer can print: the years 1970 to 9999. */
#define TIME_US_MAX INT64_C(253402300799999999)

/* The caller's buffer. */
typedef struct basket {
  uint8_t *at;
  uint32_t room;
  uint32_t used;
  uint32_t entries;
  bool has_gap; /* one in each drain, however fast writers lose */
} basket;

typedef enum step {
  STEP_MOVED,    /* the position or the journal has changed: look again */
  STEP_TOOK,     /* an entry is in the basket */
  STEP_NO_ROOM,  /* the next entry does not fit */
  STEP_END,      /* nothing there */
  STEP_NOT_YET   /* a claim that is not finished */
} step;

static void count(onhook_reader *r, int reason, bool inexact) {
  int64_t now = platform_time_us();
  losses_count(&r->journal, &(loss){.reason = reason,
                                    .count = 1,
                                    .first_us = now,
                                    .last_us = now,
                                    .position = r->position,
                                    .inexact = inexact});
  ONHOOK_HOOK(HOOK_RECORD_COUNTED);
}

static void move_to(onhook_reader *r, uint64_t position) { store_release(&r->position, position); }

/* Goes on behind the record `word` at the position. */
static void pass_by(onhook_reader *r, uint64_t word) {
  uint64_t end = r->position + word_bytes(word);
  reader_reach(r, end);
  move_to(r, end);
}

/* Marks a record of which the loss is counted, so that the next reader does not count it again. */
static void skip_counted(onhook_reader *r, uint64_t word) {
  store_release(ring_word(&r->journal, r->position),
                word_with_state(word, WORD_ABANDONED) | WORD_COUNTED);
  pass_by(r, word);
}

/* Covers [position, to) with records that are abandoned and counted. */
static void cover(onhook_reader *r, uint64_t to) {
  while (r->position < to) {
    uint64_t left = to - r->position;
    uint64_t bytes = left < JOURNAL_RECORD_BYTES_MAX ? left : JOURNAL_RECORD_BYTES_MAX;
    skip_counted(r, word_make(WORD_ABANDONED, bytes, r->position));
  }
}

/* The first place behind the position and before `end` where a valid word stands, or `end`. */
static uint64_t next_valid(const onhook_reader *r, uint64_t end, uint64_t limit) {
  uint64_t at = r->position + UNIT;
  while (at < end && !word_is_valid(load_acquire(ring_word(&r->journal, at)), at, limit)) {
    at += UNIT;
  }
  return at < end ? at : end;
}

/* A place that was taken and not marked: its writer has died, or the machine has. */
static step take_unmarked(onhook_reader *r, uint64_t tail, uint64_t limit) {
  if (!reader_claim_has_expired(r, watch_of_unmarked(r->position))) {
    return STEP_NOT_YET;
  }
  uint64_t end = next_valid(r, tail, limit);
  uint64_t *at = ring_word(&r->journal, r->position);
  if (load_seq(at) != 0) {
    return STEP_MOVED; /* marked after all */
  }
  /* There may have been several, one after the other. */
  count(r, LOST_WRITER_DIED, true);
  uint64_t left = end - r->position;
  uint64_t bytes = left < JOURNAL_RECORD_BYTES_MAX ? left : JOURNAL_RECORD_BYTES_MAX;
  uint64_t word = word_make(WORD_ABANDONED, bytes, r->position) | WORD_COUNTED;
  if (swap_if(at, 0, word)) {
    pass_by(r, word);
    cover(r, end);
  }
  return STEP_MOVED;
}

/* Nothing valid stands at the position: `word` was seen there. */
static step resynchronize(onhook_reader *r, uint64_t word, uint64_t limit) {
  const journal *j = &r->journal;
  uint64_t tail = load_seq(&j->header->tail);
  bool tail_is_sane = tail == r->position || reader_tail_is_ahead(r, tail, limit);
  uint64_t at = tail_is_sane && tail == r->position
                    ? tail
                    : next_valid(r, tail_is_sane ? tail : limit, limit);
  if (load_seq(ring_word(j, r->position)) != word) {
    return STEP_MOVED; /* a writer was just busy here */
  }
  count(r, LOST_DAMAGED, true);
  if (!tail_is_sane && at == limit) {
    /* Nothing readable up to where writers may write at all: writers go on here. */
    swap_if(&j->header->tail, tail, r->position);
    at = r->position;
  }
  if (at == r->position) {
    swap_if(ring_word(j, at), word, 0);
    return STEP_MOVED;
  }
  cover(r, at);
  return STEP_MOVED;
}

/* Copies what stands behind a record's word. A writer that was held up for long may try to claim at
   any unit's first word and take it back, so these are read as the words they are. */
static void copy_out(uint8_t *to, const uint8_t *from, uint32_t bytes) {
  memcpy(to + 8, from + 8, bytes < UNIT ? bytes - 8 : UNIT - 8);
  for (uint32_t at = JOURNAL_UNIT_BYTES; at < bytes; at += JOURNAL_UNIT_BYTES) {
    uint32_t left = bytes - at;
    uint64_t word = load_relaxed((const uint64_t *)(const void *)(from + at));
    memcpy(to + at, &word, left < 8 ? left : 8);
    if (left > 8) {
      memcpy(to + at + 8, from + at + 8, left < UNIT ? left - 8 : UNIT - 8);
    }
  }
}

/* A published record: copy it, check the copy. */
static step take_published(onhook_reader *r, uint64_t word, basket *b) {
  const uint8_t *from = ring_at(&r->journal, r->position);
  entry_header header = {0};
  copy_out((uint8_t *)&header, from, sizeof header);
  bool good = header.bytes >= sizeof header && round_up(header.bytes, UNIT) == word_bytes(word);
  if (good) {
    uint32_t padded = (uint32_t)round_up(header.bytes, 8);
    if (padded > b->room - b->used) {
      return STEP_NO_ROOM;
    }
    uint8_t *to = b->at + b->used;
    copy_out(to, from, header.bytes);
    memset(to + header.bytes, 0, padded - header.bytes);
    good = entry_is_valid(to, header.bytes);
    if (good) {
      memcpy(to + offsetof(entry_header, word), &r->position, 8);
      memset(to + offsetof(entry_header, sequence), 0, 8);
      memset(to + offsetof(entry_header, reserved), 0, 4);
      b->used += padded;
      b->entries++;
      pass_by(r, word);
      return STEP_TOOK;
    }
  }
  count(r, LOST_DAMAGED, false);
  skip_counted(r, word);
  return STEP_MOVED;
}

static step take_claimed(onhook_reader *r, uint64_t word) {
  if (!reader_claim_has_expired(r, word)) {
    return STEP_NOT_YET;
  }
  swap_if(ring_word(&r->journal, r->position), word, word_with_state(word, WORD_ABANDONED));
  return STEP_MOVED;
}

/* A record that ends in the middle of what writers have taken since: it stood there before a loss of
   power, and whoever has taken its place now is about to find it. */
static step take_leftover(onhook_reader *r, uint64_t word) {
  if (!reader_claim_has_expired(r, word)) {
    return STEP_NOT_YET;
  }
  swap_if(ring_word(&r->journal, r->position), word,
          word_make(WORD_ABANDONED, r->tail_seen - r->position, r->position));
  return STEP_MOVED;
}

static step take_record(onhook_reader *r, basket *b) {
  const journal *j = &r->journal;
  uint64_t limit = load_acquire(&r->head) + j->capacity;
  if (r->position >= limit) {
    return STEP_END;
  }
  uint64_t word = load_acquire(ring_word(j, r->position));
  if (word == 0) {
    uint64_t tail = load_seq(&j->header->tail);
    if (tail == r->position) {
      return STEP_END;
    }
    if (reader_tail_is_ahead(r, tail, limit)) {
      return take_unmarked(r, tail, limit);
    }
  }
  if (!word_is_valid(word, r->position, limit)) {
    return resynchronize(r, word, limit);
  }
  if (!reader_reach(r, r->position + word_bytes(word))) {
    return take_leftover(r, word);
  }
  switch (word_state(word)) {
    case WORD_CLAIMED:
      return take_claimed(r, word);
    case WORD_PUBLISHED:
      return take_published(r, word, b);
    default:
      if ((word & WORD_COUNTED) == 0) {
        count(r, LOST_WRITER_DIED, false);
      }
      skip_counted(r, word);
      return STEP_MOVED;
  }
}

static int64_t printable(int64_t time_us) {
  return time_us < 0 ? 0 : time_us > TIME_US_MAX ? TIME_US_MAX : time_us;
}

/* Everything lost since the last gap. */
static step take_gap(onhook_reader *r, basket *b) {
  if (sizeof(entry_gap) > b->room - b->used) {
    return STEP_NO_ROOM;
  }
  const journal_header *h = r->journal.header;
  journal_losses now = {.total = load_acquire(&h->lost.total)};
  if (now.total <= r->reported.total) {
    return STEP_MOVED; /* it has fallen since it was looked at: damage */
  }
  entry_gap gap = {.header = {.word = now.total,
                              .bytes = sizeof gap,
                              .type = ENTRY_GAP,
                              .version = ENTRY_VERSION},
                   .lost = now.total - r->reported.total};
  uint32_t ever = 0;
  for (int i = 0; i < JOURNAL_REASONS; i++) {
    now.reason[i] = load_acquire(&h->lost.reason[i]);
    gap.reasons |= now.reason[i] != r->reported.reason[i] ? 1u << i : 0;
    ever |= now.reason[i] != 0 ? 1u << i : 0;
  }
  /* A loss between two gaps may have shown its reason in the first and its number in the second. */
  gap.reasons = gap.reasons != 0 ? gap.reasons : ever != 0 ? ever : 1u << LOST_DAMAGED;
  now.inexact = load_acquire(&h->lost.inexact);
  gap.exact = now.inexact == r->reported.inexact ? 1 : 0;
  int64_t last = printable(load_time(&h->lost_last_us));
  int64_t first = printable(load_time(&h->lost_first_us));
  first = first < r->reported_last_us ? r->reported_last_us : first;
  gap.last_us = last;
  gap.first_us = first < last ? first : last;
  gap.header.time_us = last;
  memcpy(&gap.header.boot, r->journal.identity.journal_id, 8);
  memcpy(b->at + b->used, &gap, sizeof gap);
  b->used += (uint32_t)sizeof gap;
  b->entries++;
  b->has_gap = true;
  r->reported = now;
  r->reported_last_us = last;
  return STEP_TOOK;
}

static step take_next(onhook_reader *r, basket *b) {
  if (!b->has_gap && reader_has_losses(r) && reader_is_at_losses(r)) {
    return take_gap(r, b);
  }
  step next = take_record(r, b);
  return next == STEP_END && !b->has_gap && reader_has_losses(r) ? take_gap(r, b) : next;
}

static int32_t refuse(int32_t code, const char *text) {
  error e;
  error_set(&e, code, 0, 0, "%s", text);
  return error_publish(&e);
}

static int32_t drain(onhook_reader *r, basket *b, uint32_t entries_max, onhook_drained *out) {
  if (reader_sees_changed_identity(r)) {
    return refuse(ONHOOK_DAMAGED,
                  "Cannot read the journal: its first bytes have changed since it was opened, the "
                  "same bytes are wanted; open it again");
  }
  step last = STEP_MOVED;
  /* Each step moves on, repairs something or ends the loop; the limit holds if something else
     changes the file while it is read. */
  uint64_t steps_max = r->journal.capacity / UNIT * 2 + 64;
  for (uint64_t steps = 0; b->entries < entries_max && steps < steps_max; steps++) {
    last = take_next(r, b);
    if (last != STEP_MOVED && last != STEP_TOOK) {
      break;
    }
  }
  if (last == STEP_NO_ROOM && b->entries == 0) {
    return refuse(ONHOOK_BUFFER_TOO_SMALL,
                  "Cannot read the journal: the next entry does not fit the buffer, 4096 bytes "
                  "are wanted");
  }
  reader_forget_drained(r);
  bool ended = last == STEP_END || last == STEP_NOT_YET;
  *out = (onhook_drained){.entries = b->entries,
                          .bytes = b->used,
                          .position = r->position,
                          .lost_total = r->reported.total,
                          .more = !ended && reader_look(r) == LOOK_READY ? 1 : 0};
  return ONHOOK_OK;
}

int32_t onhook_reader_drain(onhook_reader *r, uint8_t *buffer, uint32_t buffer_bytes,
                            uint32_t entries_max, onhook_drained *out) {
  if (r == NULL || r->magic != READER_MAGIC || buffer == NULL || out == NULL || entries_max == 0 ||
      (uintptr_t)buffer % 8 != 0) {
    return refuse(ONHOOK_INVALID_ARGUMENT,
                  "Cannot read the journal: the reader is closed, a pointer is null, the buffer "
                  "not aligned or the number of entries 0; an open reader, an 8-aligned buffer "
                  "and at least 1 are wanted");
  }
  if (!swap32_if(&r->busy, 0, 1)) {
    return refuse(ONHOOK_INVALID_ARGUMENT,
                  "Cannot read the journal: a wait or another drain is running, one at a time is "
                  "wanted");
  }
  basket b = {.at = buffer, .room = buffer_bytes & ~7u};
  int32_t code = drain(r, &b, entries_max, out);
  exchange32(&r->busy, 0);
  return code;
}
