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

int32_t ONHOOK_CALL MprAdminAcceptNewLink(const struct onhook_ras_port_0 *port0,
                                          const struct onhook_ras_port_1 *port1) {
  (void)port0;
  (void)port1;
  return 1;
}

void ONHOOK_CALL MprAdminLinkHangupNotification(const struct onhook_ras_port_0 *port0,
                                                const struct onhook_ras_port_1 *port1) {
  uint64_t start = platform_ticks();
  service_visit visit;
  service_enter(&visit);
  if (visit.journal != NULL) {
    record r;
    record_link_hangup(&r, port0, port1, visit.boot, platform_time_us());
    writer_write(visit.journal, &r);
    costs_add(visit.journal, visit.stripe, platform_ticks() - start);
  } else if (visit.running) {
    service_count_unavailable(platform_time_us());
  }
  service_leave(&visit);
}

int32_t ONHOOK_CALL
MprAdminAcceptNewConnection2(const struct onhook_ras_connection_0 *connection0,
                             const struct onhook_ras_connection_1 *connection1,
                             const struct onhook_ras_connection_2 *connection2) {
  (void)connection0;
  (void)connection1;
  (void)connection2;
  return 1;
}

void ONHOOK_CALL
MprAdminConnectionHangupNotification2(const struct onhook_ras_connection_0 *connection0,
                                      const struct onhook_ras_connection_1 *connection1,
                                      const struct onhook_ras_connection_2 *connection2) {
  (void)connection0;
  (void)connection1;
  (void)connection2;
}

int32_t ONHOOK_CALL
MprAdminAcceptReauthentication(const struct onhook_ras_connection_0 *connection0,
                               const struct onhook_ras_connection_1 *connection1,
                               const struct onhook_ras_connection_2 *connection2,
                               const struct onhook_ras_connection_3 *connection3) {
  (void)connection0;
  (void)connection1;
  (void)connection2;
  (void)connection3;
  return 1;
}
