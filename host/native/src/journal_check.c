/* journal_check.c - whether a file is a journal that can be trusted to keep within its bounds. */
#include <inttypes.h>
#include <string.h>

#include "checksum.h"
#include "journal_file.h"

#define WHAT_NOW \
  "stop the service and the host, move the file away and start them, or choose another path"

_Static_assert(offsetof(journal_identity, checksum) == JOURNAL_UNIT_BYTES,
               "the identity's checksum is that of one unit");

bool journal_capacity_is_valid(uint64_t bytes) {
  return bytes >= ONHOOK_CAPACITY_MIN && bytes <= ONHOOK_CAPACITY_MAX && (bytes & (bytes - 1)) == 0;
}

int32_t journal_check_identity(const journal_identity *identity, uint64_t file_bytes,
                               const char *path, error *e) {
  if (memcmp(identity->magic, JOURNAL_MAGIC, sizeof identity->magic) != 0) {
    return error_set(e, ONHOOK_UNKNOWN_FORMAT, 0, 0,
                     "Cannot open the journal \"%s\": the file does not begin as a journal does, "
                     "a journal is wanted; " WHAT_NOW,
                     path);
  }
  if (identity->version != JOURNAL_VERSION) {
    return error_set(e, ONHOOK_UNKNOWN_FORMAT, 0, 0,
                     "Cannot open the journal \"%s\": its format has version %" PRIu32
                     ", version %u is wanted; use the library that wrote it, or " WHAT_NOW,
                     path, identity->version, JOURNAL_VERSION);
  }
  if (identity->checksum != checksum_of_unit((const uint8_t *)identity)) {
    return error_set(e, ONHOOK_DAMAGED, 0, 0,
                     "Cannot open the journal \"%s\": the checksum of its first 64 bytes is wrong, "
                     "an undamaged header is wanted; " WHAT_NOW,
                     path);
  }
  if (!journal_capacity_is_valid(identity->capacity_bytes) ||
      identity->header_bytes != JOURNAL_HEADER_BYTES ||
      identity->slack_bytes != JOURNAL_SLACK_BYTES || identity->unit_bytes != JOURNAL_UNIT_BYTES ||
      identity->record_bytes_max != JOURNAL_RECORD_BYTES_MAX) {
    return error_set(e, ONHOOK_DAMAGED, 0, 0,
                     "Cannot open the journal \"%s\": its header gives a capacity of %" PRIu64
                     " bytes or other sizes that this version does not have, the sizes of version "
                     "%u are wanted; " WHAT_NOW,
                     path, identity->capacity_bytes, JOURNAL_VERSION);
  }
  uint64_t wanted = JOURNAL_HEADER_BYTES + identity->capacity_bytes + JOURNAL_SLACK_BYTES;
  if (file_bytes != wanted) {
    return error_set(e, ONHOOK_DAMAGED, 0, 0,
                     "Cannot open the journal \"%s\": the file has %" PRIu64 " bytes, %" PRIu64
                     " are wanted for its capacity; " WHAT_NOW,
                     path, file_bytes, wanted);
  }
  return ONHOOK_OK;
}

int32_t journal_check_control(journal *j, const char *path, error *e) {
  const journal_header *h = j->header;
  /* The others go on meanwhile. In this order what is later read is never smaller than it was when
     the earlier was read, so an undamaged journal passes. */
  uint64_t head = load_seq(&h->head);
  uint64_t release = load_seq(&h->release);
  uint64_t tail = load_seq(&h->tail);
  uint64_t head_later = load_seq(&h->head);
  uint64_t acknowledged = load_seq(&h->acknowledged.total);
  uint64_t lost = load_seq(&h->lost.total);
  if (head > release || release > tail || tail < head_later || tail - head_later > j->capacity ||
      (head | release | tail) % UNIT != 0 || tail > UINT64_MAX / 2) {
    return error_set(e, ONHOOK_DAMAGED, 0, 0,
                     "Cannot open the journal \"%s\": its positions are head %" PRIu64
                     ", release %" PRIu64 ", tail %" PRIu64 " at a capacity of %" PRIu64
                     ", head <= release <= tail <= head + capacity in steps of 64 is wanted; "
                     WHAT_NOW,
                     path, head, release, tail, j->capacity);
  }
  if (acknowledged > lost) {
    return error_set(e, ONHOOK_DAMAGED, 0, 0,
                     "Cannot open the journal \"%s\": it counts %" PRIu64
                     " lost events and %" PRIu64 " acknowledged, no more than lost is wanted; "
                     WHAT_NOW,
                     path, lost, acknowledged);
  }
  j->head = head;
  j->release = release;
  return ONHOOK_OK;
}
