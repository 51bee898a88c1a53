/* reader.h - what a reader keeps between calls. */
#ifndef ONHOOK_READER_H
#define ONHOOK_READER_H

#include "error.h"
#include "onhook.h"
#include "ring.h"

#define READER_MAGIC UINT64_C(0x52454144484F4F4B)

/* A claim that is waited for. A step of the clock counts as no more than WATCH_STEP_MS_MAX, so
   that a machine that slept, or a host that was stopped, gives a living writer its time. */
typedef struct claim_watch {
  uint64_t word; /* 0: none */
  uint64_t last_ns;
  uint64_t observed_ns;
} claim_watch;

struct onhook_reader {
  uint64_t magic;
  journal journal;
  uint32_t busy;        /* atomic: 1 while a wait or a drain runs */
  uint32_t interrupted; /* atomic */
  uint64_t head;        /* atomic: the header's is written by this reader only, never read back */
  uint64_t position;    /* atomic: written by drain */
  uint64_t tail_seen;   /* the last that reader_reach has seen of the tail */
  claim_watch watch;
  journal_losses reported; /* by gap entries, those of earlier readers included */
  int64_t reported_last_us;
  uint64_t acknowledged_total; /* the header's, which is written by this reader only */
  uint64_t forgotten;         /* what was released before it is out of this process's memory */
  uint64_t forgotten_drained; /* the same of what was only drained */
  uint64_t opened_ticks; /* to learn the rate of ticks */
  uint64_t opened_ns;
};

typedef enum look_result { LOOK_END, LOOK_CLAIMED, LOOK_READY } look_result;

/* Whether a drain would find something. Changes nothing but the watch. */
look_result reader_look(onhook_reader *r);
/* Whether a gap is to be made once the losses' place has been reached. */
bool reader_has_losses(const onhook_reader *r);
/* Whether the reader has come to where the first of these losses was. */
bool reader_is_at_losses(const onhook_reader *r);
/* Whether the bytes that all bounds rest on are no longer those that were checked. */
bool reader_sees_changed_identity(const onhook_reader *r);
/* Whether `tail` tells of records from the reader's position on. */
static inline bool reader_tail_is_ahead(const onhook_reader *r, uint64_t tail, uint64_t limit) {
  return tail > r->position && tail <= limit && tail % UNIT == 0;
}
/* Whether a record from the reader's position to `end` is wholly before the tail; a tail that stands
   at the position is moved, one that cannot be right is not asked. The tail, which writers move all
   the time, is looked at no more often than it must. */
bool reader_reach(onhook_reader *r, uint64_t end);
/* What a place is watched by that was taken and has no claim yet: like no word, and not 0. */
static inline uint64_t watch_of_unmarked(uint64_t position) {
  return word_make(WORD_FREE, 0, position) | WORD_COUNTED;
}
/* Whether the claim `word` at the reader's position has been watched for long enough. */
bool reader_claim_has_expired(onhook_reader *r, uint64_t word);

/* Clears [from, to) and moves head; `from` is where the header's head stands. */
void release_records(const journal *j, uint64_t from, uint64_t to);

/* Takes what was released, when that has become enough, out of this process's memory. */
void reader_forget_released(onhook_reader *r);
/* The same of what was drained and not released for long; clearing brings it back. */
void reader_forget_drained(onhook_reader *r);

#endif
