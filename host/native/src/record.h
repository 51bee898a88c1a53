/* record.h - making records from what RRAS passes. */
#ifndef ONHOOK_RECORD_H
#define ONHOOK_RECORD_H

#include "ras.h"
#include "writer.h"

/* A linkHangup. Either pointer may be null; both need no alignment. Nothing behind the last field
   of a structure is read. */
void record_link_hangup(record *r, const void *port0, const void *port1, uint64_t boot,
                        int64_t time_us);

void record_service_start(record *r, uint64_t boot, int64_t time_us);
void record_service_stop(record *r, uint64_t boot, int64_t time_us, uint64_t callouts_total);

#endif
