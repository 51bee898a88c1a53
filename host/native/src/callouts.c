/* callouts.c - the seven functions that RRAS calls. */
#include "costs.h"
#include "onhook.h"
#include "record.h"
#include "service.h"

uint32_t ONHOOK_CALL MprAdminInitializeDll(void) {
  service_start();
  return 0;
}

uint32_t ONHOOK_CALL MprAdminTerminateDll(void) {
  service_stop();
  return 0;
}

/* A callout while it runs. */
typedef struct callout {
  service_visit visit;
  uint64_t start;
} callout;

/* False when there is nowhere to record it to; then it has been counted. */
static inline bool begin(callout *c) {
  c->start = platform_ticks();
  service_enter(&c->visit);
  if (c->visit.journal == NULL && c->visit.running) {
    service_count_unavailable(platform_time_us());
  }
  return c->visit.journal != NULL;
}

static inline void publish(const callout *c, record *r) {
  writer_write(c->visit.journal, r);
  costs_add(c->visit.journal, c->visit.stripe, c->start, platform_ticks());
}

static inline void end(const callout *c) { service_leave(&c->visit); }

static inline void link_event(uint16_t type, const void *port0, const void *port1) {
  callout c;
  if (begin(&c)) {
    record r;
    record_link(&r, type, port0, port1, c.visit.boot, moment_time_us(&service_moment, c.start));
    publish(&c, &r);
  }
  end(&c);
}

static void connection_event(uint16_t type, const connection_pointers *from) {
  callout c;
  if (begin(&c)) {
    record r;
    record_connection(&r, type, from, c.visit.boot, moment_time_us(&service_moment, c.start));
    publish(&c, &r);
  }
  end(&c);
}

int32_t ONHOOK_CALL MprAdminAcceptNewLink(const struct onhook_ras_port_0 *port0,
                                          const struct onhook_ras_port_1 *port1) {
  link_event(ENTRY_LINK_UP, port0, port1);
  return 1;
}

void ONHOOK_CALL MprAdminLinkHangupNotification(const struct onhook_ras_port_0 *port0,
                                                const struct onhook_ras_port_1 *port1) {
  link_event(ENTRY_LINK_HANGUP, port0, port1);
}

int32_t ONHOOK_CALL
MprAdminAcceptNewConnection2(const struct onhook_ras_connection_0 *connection0,
                             const struct onhook_ras_connection_1 *connection1,
                             const struct onhook_ras_connection_2 *connection2) {
  connection_event(ENTRY_CONNECTION_UP,
                   &(connection_pointers){{connection0, connection1, connection2, NULL}});
  return 1;
}

void ONHOOK_CALL
MprAdminConnectionHangupNotification2(const struct onhook_ras_connection_0 *connection0,
                                      const struct onhook_ras_connection_1 *connection1,
                                      const struct onhook_ras_connection_2 *connection2) {
  connection_event(ENTRY_CONNECTION_HANGUP,
                   &(connection_pointers){{connection0, connection1, connection2, NULL}});
}

int32_t ONHOOK_CALL
MprAdminAcceptReauthentication(const struct onhook_ras_connection_0 *connection0,
                               const struct onhook_ras_connection_1 *connection1,
                               const struct onhook_ras_connection_2 *connection2,
                               const struct onhook_ras_connection_3 *connection3) {
  connection_event(ENTRY_REAUTHENTICATION,
                   &(connection_pointers){{connection0, connection1, connection2, connection3}});
  return 1;
}
