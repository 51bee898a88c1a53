/*
 * callouts_test.c - links: what RRAS may pass, and structures that end at a page that cannot be
 * read.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "costs.h"
#include "support.h"

static void start(void) {
  setenv("ONHOOK_JOURNAL", new_path(), 1);
  setenv("ONHOOK_JOURNAL_BYTES", "65536", 1);
  CHECK_EQ(MprAdminInitializeDll(), 0);
  reader = open_reader(getenv("ONHOOK_JOURNAL"));
  const taken *t = take(reader, 1);
  CHECK_EQ(entry_at(t, 0).type, ENTRY_SERVICE_START);
  commit(reader, t);
}

static void stop(void) {
  CHECK_EQ(onhook_reader_close(reader), ONHOOK_OK);
  CHECK_EQ(MprAdminTerminateDll(), 0);
}

/* Calls out and compares every byte of what the reader gets. */
static void check_one(uint16_t type, const void *port0, const void *port1) {
  int64_t before = platform_time_us();
  if (type == ENTRY_LINK_UP) {
    CHECK_EQ(MprAdminAcceptNewLink(port0, port1), 1);
  } else {
    MprAdminLinkHangupNotification(port0, port1);
  }
  int64_t after = platform_time_us();
  const taken *t = take(reader, 4);
  CHECK_EQ(t->drained.entries, 1);
  entry_header header = entry_at(t, 0);
  CHECK(header.time_us >= before - 5 && header.time_us <= after); /* see moment.h */
  CHECK(header.boot != 0);
  CHECK_EQ(header.type, type);
  static uint8_t wanted[1024];
  memset(wanted, 0, sizeof wanted);
  uint16_t present = (uint16_t)((port0 != NULL ? 1 : 0) | (port1 != NULL ? 2 : 0));
  memcpy(wanted + 48, &present, 2);
  uint32_t bytes = 168;
  if (port0 != NULL) {
    const uint8_t *p = port0;
    static const uint16_t at[4] = {28, 62, 96, 354};
    static const uint16_t units[4] = {17, 17, 129, 17};
    memcpy(wanted + 64, p, 28);
    for (int i = 0; i < 4; i++) {
      uint16_t n = (uint16_t)expected_text(wanted + bytes, p + at[i], units[i]);
      memcpy(wanted + 52 + 2 * i, &n, 2);
      bytes += 2u * n;
    }
  }
  if (port1 != NULL) {
    memcpy(wanted + 96, port1, 72);
  }
  CHECK_EQ(header.bytes, bytes);
  CHECK_EQ(memcmp(wanted + 48, t->bytes + 48, bytes - 48), 0);
  CHECK_EQ(header.checksum, checksum_entry(t->bytes, bytes));
  commit(reader, t);
}

static void check_call(const void *port0, const void *port1) {
  check_one(ENTRY_LINK_HANGUP, port0, port1);
  check_one(ENTRY_LINK_UP, port0, port1);
}

static void normal(void) {
  start();
  onhook_ras_port_0 p0 = port0_of(3, "VPN2-127");
  onhook_ras_port_1 p1 = port1_of(3);
  check_call(&p0, &p1);
  stop();
}

static void null_pointers(void) {
  start();
  onhook_ras_port_0 p0 = port0_of(3, "VPN2-127");
  onhook_ras_port_1 p1 = port1_of(3);
  check_call(&p0, NULL);
  check_call(NULL, &p1);
  check_call(NULL, NULL);
  stop();
}

static void arrays_full(void) {
  start();
  onhook_ras_port_0 p0;
  memset(&p0, 'A', sizeof p0);
  onhook_ras_port_1 p1;
  memset(&p1, 0xFF, sizeof p1);
  check_call(&p0, &p1);
  memset(&p0, 0xFF, sizeof p0);
  check_call(&p0, &p1);
  stop();
}

static void odd_text(void) {
  start();
  onhook_ras_port_0 p0 = port0_of(1, "");
  p0.condition = 4711;
  p0.port_name[0] = 0xD800; /* surrogates without their other half */
  p0.port_name[1] = 'x';
  p0.port_name[2] = 0xDFFF;
  p0.media_name[16] = 'z'; /* behind its terminator */
  p0.device_name[128] = 0xDBFF;
  check_call(&p0, NULL);
  for (int i = 0; i < 129; i++) {
    p0.device_name[i] = (uint16_t)(0xD800 + i);
  }
  check_call(&p0, NULL);
  stop();
}

/* Every alignment: each structure ends right before the guard, or up to 7 bytes earlier. */
static void guarded(void) {
  start();
  for (size_t shift = 0; shift < 8; shift++) {
    uint8_t *p0 = before_guard(sizeof(onhook_ras_port_0) + shift);
    uint8_t *p1 = before_guard(sizeof(onhook_ras_port_1) + shift);
    memset(p0, 0xA7, sizeof(onhook_ras_port_0));
    memset(p1, 0xA7, sizeof(onhook_ras_port_1));
    check_call(p0, p1);
  }
  /* Not even the padding at the end of RAS_PORT_0 is needed. */
  uint8_t *p0 = before_guard(offsetof(onhook_ras_port_0, padding));
  memset(p0, 0xA7, offsetof(onhook_ras_port_0, padding));
  check_call(p0, NULL);
  stop();
}

static void costs(void) {
  start();
  onhook_ras_port_0 p0 = port0_of(1, "VPN2-127");
  for (int i = 0; i < 100; i++) {
    if (i % 2 == 0) {
      MprAdminLinkHangupNotification(&p0, NULL);
    } else {
      CHECK_EQ(MprAdminAcceptNewLink(&p0, NULL), 1);
    }
  }
  onhook_statistics s;
  CHECK_EQ(onhook_reader_statistics(reader, &s), ONHOOK_OK);
  CHECK_EQ(s.callouts_total, 100);
  uint64_t counted = 0;
  for (int b = 0; b < 64; b++) {
    counted += s.bucket_count[b];
    CHECK(b == 0 || s.bucket_upper_ns[b] >= s.bucket_upper_ns[b - 1]);
  }
  CHECK_EQ(counted, 100);
  CHECK(s.callout_ns_total > 100 && s.callout_ns_total < UINT64_C(10000000000));
  CHECK(s.callout_ns_max <= s.callout_ns_total);
  CHECK_EQ(s.service_starts, 1);
  CHECK_EQ(s.capacity_bytes, 65536);
  CHECK_EQ(s.last_writer_pid, platform_process_id());
  CHECK_EQ(s.reader_pid, platform_process_id());
  CHECK_EQ(s.tail_position - s.head_position, 100 * 256);
  CHECK_EQ(s.lost_total + s.lost_acknowledged + s.torn_total + s.damaged_total, 0);
  stop();
}

/* A thread may end a callout on another processor, whose ticks may be behind. */
static void ticks_go_back(void) {
  begin();
  costs_add(&writer, 3, 1000, 990);
  costs_add(&writer, 3, 1000, 1400);
  onhook_statistics s;
  CHECK_EQ(onhook_reader_statistics(reader, &s), ONHOOK_OK);
  CHECK_EQ(s.callouts_total, 2);
  CHECK_EQ(s.bucket_count[0], 1);
  CHECK_EQ(writer.header->stripe[3].ticks_total, 400);
  CHECK_EQ(writer.header->stripe[3].ticks_max, 400);
  end();
}

static const test tests[] = {
    {"LinkHangupNotification() and AcceptNewLink() copy every field", normal, 0},
    {"LinkHangupNotification() and AcceptNewLink() leave a half out when its pointer is null", null_pointers, 0},
    {"LinkHangupNotification() and AcceptNewLink() copy full arrays and all ones", arrays_full, 0},
    {"LinkHangupNotification() and AcceptNewLink() copy text and numbers as they are", odd_text, 0},
    {"LinkHangupNotification() and AcceptNewLink() read no byte behind a structure", guarded, 0},
    {"statistics() knows what the callouts took", costs, 0},
    {"costs_add() takes a callout for none when the ticks have gone back", ticks_go_back, 0},
};

TESTS_MAIN(tests)
