/* writer.h - putting a finished record into the ring. */
#ifndef ONHOOK_WRITER_H
#define ONHOOK_WRITER_H

#include <stdbool.h>

#include "ring.h"

/* A record on the stack, up to 2816 bytes, and a unit behind it to fill it up from. */
typedef struct record {
  _Alignas(64) union {
    entry_header header;
    entry_link_hangup hangup;
    entry_connection connection;
    entry_reauthentication reauthentication;
    entry_service service;
    uint8_t bytes[2880];
  } as;
} record;

/*
 * Finishes `r`, whose header has all but word, sequence, checksum and reserved, writes it and wakes
 * the reader. False when it was counted as lost instead. Bounded, no system call but the wake-up.
 */
bool writer_write(const journal *j, record *r);

/* Moves tail over whatever valid words stand at it, as after a loss of power. */
void writer_recover_tail(const journal *j);

#endif
