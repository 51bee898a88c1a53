/* service.h - the life of the library in the service's process. */
#ifndef ONHOOK_SERVICE_H
#define ONHOOK_SERVICE_H

#include "moment.h"
#include "ring.h"

/* Starts; see MprAdminInitializeDll. Returns at once when it has been started already. */
void service_start(void);
/* Stops; see MprAdminTerminateDll. */
void service_stop(void);

/* What callouts tell the time by. */
extern moment service_moment;

/* A callout's stay inside: between enter and leave the journal remains mapped. */
typedef struct service_visit {
  const journal *journal; /* null: none is open */
  uint64_t boot;
  unsigned stripe;
  bool running; /* between start and stop */
} service_visit;

void service_enter(service_visit *visit);
void service_leave(const service_visit *visit);

/* Counts an event that happened while the service ran without a journal. */
void service_count_unavailable(int64_t time_us);

#endif
