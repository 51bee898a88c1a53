/* losses.h - counting what could not be written or read. */
#ifndef ONHOOK_LOSSES_H
#define ONHOOK_LOSSES_H

#include <stdint.h>

#include "ring.h"

typedef struct loss {
  int reason; /* LOST_... */
  uint64_t count;
  int64_t first_us;
  int64_t last_us;
  uint64_t position; /* the reader reports them when it has come so far */
  bool inexact;      /* at least, not exactly, `count` */
} loss;

/* Adds losses to the journal's account. Safe on any thread and in a callout. */
void losses_count(const journal *j, const loss *l);

#endif
