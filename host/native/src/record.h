/* record.h - making records from what RRAS passes. */
#ifndef ONHOOK_RECORD_H
#define ONHOOK_RECORD_H

#include "ras.h"
#include "writer.h"

/* A linkHangup or a linkUp. Either pointer may be null; both need no alignment. Nothing behind the
   last field of a structure is read. */
void record_link(record *r, uint16_t type, const void *port0, const void *port1, uint64_t boot,
                 int64_t time_us);

/* The structures RAS_CONNECTION_0 to _3. Any may be null and none needs alignment. */
typedef struct connection_pointers {
  const void *pointer[4];
} connection_pointers;

/* A connectionUp, a connectionHangup, or a reauthentication, which alone has the fourth one. */
void record_connection(record *r, uint16_t type, const connection_pointers *from, uint64_t boot,
                       int64_t time_us);

void record_service_start(record *r, uint64_t boot, int64_t time_us);
void record_service_stop(record *r, uint64_t boot, int64_t time_us, uint64_t callouts_total);

#endif
