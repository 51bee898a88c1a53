/* checksum.h - the journal's checksums; include/journal.h defines them. */
#ifndef ONHOOK_CHECKSUM_H
#define ONHOOK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* checksum64 of `bytes` bytes, a multiple of 8; they need no alignment. */
uint64_t checksum_words(const uint8_t *data, size_t bytes);

/*
 * checksum32 of the entry that starts at `entry` and is `bytes` long (48 to 4096). Up to 7 bytes
 * behind it are read, to the next multiple of 8; they must be 0. The entry's own checksum is not
 * looked at.
 */
uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes);

#endif
