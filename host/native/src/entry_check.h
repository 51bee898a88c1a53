/* entry_check.h - whether the bytes of an entry mean something. */
#ifndef ONHOOK_ENTRY_CHECK_H
#define ONHOOK_ENTRY_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the `bytes` bytes at `entry` (48 to 4096, nobody else may change them) are an entry of
 * the ring: checksum, type, and for known types of a known version all lengths.
 */
bool entry_is_valid(const uint8_t *entry, uint32_t bytes);

#endif
