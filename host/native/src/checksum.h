/* checksum.h - the journal's checksums; include/journal.h defines them. */
#ifndef ONHOOK_CHECKSUM_H
#define ONHOOK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* checksum64 of `bytes` bytes; they need no alignment. */
uint64_t checksum_bytes(const uint8_t *data, size_t bytes);

/*
 * checksum32 of the entry that starts at `entry` and is `bytes` long (48 to 4096). Nothing behind
 * `bytes` is read. The entry's own checksum is not looked at.
 */
uint32_t checksum_entry(const uint8_t *entry, uint32_t bytes);

#endif
