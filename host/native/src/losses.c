/* losses.c - the order of the stores is the reader's: what belongs to a loss before its total. */
#include "losses.h"

void losses_count(const journal *j, const loss *l) {
  journal_header *h = j->header;
  raise_time(&h->lost_last_us, l->last_us);
  add_release(&h->lost.reason[l->reason], l->count);
  if (l->inexact) {
    add_release(&h->lost.inexact, 1);
  }
  uint64_t before = add_seq(&h->lost.total, l->count); /* before a look at `asleep` */
  /* Exactly one is the first after those acknowledged. */
  if (before == load_acquire(&h->acknowledged.total)) {
    store_time(&h->lost_first_us, l->first_us);
    store_release(&h->lost_position, l->position);
  }
}
