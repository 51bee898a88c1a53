/* layout.c - prints where everything stands, as JSON, for the tests of the other language. */
#include <stdio.h>

#include "journal.h"
#include "onhook.h"
#include "ras.h"

static const char *separator = "";

static void begin(const char *name, size_t bytes) {
  printf("%s  \"%s\": {\n    \"bytes\": %zu,\n    \"fields\": {", separator, name, bytes);
  separator = "";
}

static void put(const char *name, size_t at, size_t bytes) {
  printf("%s\n      \"%s\": [%zu, %zu]", separator, name, at, bytes);
  separator = ",";
}

static void end(void) {
  printf("\n    }\n  }");
  separator = ",\n";
}

static void number(const char *name, long long value) {
  printf("%s  \"%s\": %lld", separator, name, value);
  separator = ",\n";
}

#define FIELD(type, field) put(#field, offsetof(type, field), sizeof(((type *)0)->field))

static void put_numbers(void) {
  number("ONHOOK_ABI_VERSION", ONHOOK_ABI_VERSION);
  number("ONHOOK_LIBRARY_VERSION", ONHOOK_LIBRARY_VERSION);
  number("ONHOOK_OK", ONHOOK_OK);
  number("ONHOOK_TIMEOUT", ONHOOK_TIMEOUT);
  number("ONHOOK_INTERRUPTED", ONHOOK_INTERRUPTED);
  number("ONHOOK_INVALID_ARGUMENT", ONHOOK_INVALID_ARGUMENT);
  number("ONHOOK_OPEN_FAILED", ONHOOK_OPEN_FAILED);
  number("ONHOOK_UNKNOWN_FORMAT", ONHOOK_UNKNOWN_FORMAT);
  number("ONHOOK_BUSY", ONHOOK_BUSY);
  number("ONHOOK_DAMAGED", ONHOOK_DAMAGED);
  number("ONHOOK_BUFFER_TOO_SMALL", ONHOOK_BUFFER_TOO_SMALL);
  number("ONHOOK_NO_MEMORY", ONHOOK_NO_MEMORY);
  number("ONHOOK_NO_PROCESS", ONHOOK_NO_PROCESS);
  number("ONHOOK_CAPACITY_MIN", (long long)ONHOOK_CAPACITY_MIN);
  number("ONHOOK_CAPACITY_MAX", (long long)ONHOOK_CAPACITY_MAX);
  number("ONHOOK_CAPACITY_DEFAULT", (long long)ONHOOK_CAPACITY_DEFAULT);
  number("ONHOOK_RECORD_BYTES_MAX", ONHOOK_RECORD_BYTES_MAX);
  number("ONHOOK_CLAIM_TIMEOUT_MS", ONHOOK_CLAIM_TIMEOUT_MS);
  number("ENTRY_LINK_HANGUP", ENTRY_LINK_HANGUP);
  number("ENTRY_LINK_UP", ENTRY_LINK_UP);
  number("ENTRY_CONNECTION_UP", ENTRY_CONNECTION_UP);
  number("ENTRY_CONNECTION_HANGUP", ENTRY_CONNECTION_HANGUP);
  number("ENTRY_REAUTHENTICATION", ENTRY_REAUTHENTICATION);
  number("ENTRY_SERVICE_START", ENTRY_SERVICE_START);
  number("ENTRY_SERVICE_STOP", ENTRY_SERVICE_STOP);
  number("ENTRY_GAP", ENTRY_GAP);
}

static void put_interface(void) {
  begin("onhook_drained", sizeof(onhook_drained));
  FIELD(onhook_drained, entries);
  FIELD(onhook_drained, bytes);
  FIELD(onhook_drained, position);
  FIELD(onhook_drained, lost_total);
  FIELD(onhook_drained, more);
  end();
  begin("onhook_error_info", sizeof(onhook_error_info));
  FIELD(onhook_error_info, code);
  FIELD(onhook_error_info, system_code);
  FIELD(onhook_error_info, process_id);
  end();
  begin("onhook_statistics", sizeof(onhook_statistics));
  FIELD(onhook_statistics, journal_id);
  FIELD(onhook_statistics, capacity_bytes);
  FIELD(onhook_statistics, head_position);
  FIELD(onhook_statistics, tail_position);
  FIELD(onhook_statistics, lost_total);
  FIELD(onhook_statistics, lost_acknowledged);
  FIELD(onhook_statistics, torn_total);
  FIELD(onhook_statistics, damaged_total);
  FIELD(onhook_statistics, callouts_total);
  FIELD(onhook_statistics, callout_ns_total);
  FIELD(onhook_statistics, callout_ns_max);
  FIELD(onhook_statistics, service_starts);
  FIELD(onhook_statistics, last_service_start_us);
  FIELD(onhook_statistics, reader_pid);
  FIELD(onhook_statistics, last_writer_pid);
  FIELD(onhook_statistics, bucket_count);
  FIELD(onhook_statistics, bucket_upper_ns);
  end();
}

static void put_process(void) {
  begin("onhook_process_statistics_t", sizeof(onhook_process_statistics_t));
  FIELD(onhook_process_statistics_t, resident_bytes);
  FIELD(onhook_process_statistics_t, cpu_us);
  end();
}

static void put_entries(void) {
  begin("entry_header", sizeof(entry_header));
  FIELD(entry_header, word);
  FIELD(entry_header, sequence);
  FIELD(entry_header, time_us);
  FIELD(entry_header, boot);
  FIELD(entry_header, bytes);
  FIELD(entry_header, type);
  FIELD(entry_header, version);
  FIELD(entry_header, checksum);
  FIELD(entry_header, reserved);
  end();
  begin("entry_link_hangup", sizeof(entry_link_hangup));
  FIELD(entry_link_hangup, present);
  FIELD(entry_link_hangup, units);
  FIELD(entry_link_hangup, port0);
  FIELD(entry_link_hangup, port1);
  end();
  begin("entry_service", sizeof(entry_service));
  FIELD(entry_service, process_id);
  FIELD(entry_service, library_version);
  FIELD(entry_service, callouts_total);
  end();
  begin("entry_gap", sizeof(entry_gap));
  FIELD(entry_gap, lost);
  FIELD(entry_gap, first_us);
  FIELD(entry_gap, last_us);
  FIELD(entry_gap, reasons);
  FIELD(entry_gap, exact);
  end();
}

static void put_ras(void) {
  begin("onhook_ras_port_0", sizeof(onhook_ras_port_0));
  FIELD(onhook_ras_port_0, port);
  FIELD(onhook_ras_port_0, connection);
  FIELD(onhook_ras_port_0, condition);
  FIELD(onhook_ras_port_0, total_calls);
  FIELD(onhook_ras_port_0, connect_duration);
  FIELD(onhook_ras_port_0, port_name);
  FIELD(onhook_ras_port_0, media_name);
  FIELD(onhook_ras_port_0, device_name);
  FIELD(onhook_ras_port_0, device_type);
  end();
  begin("onhook_ras_port_1", sizeof(onhook_ras_port_1));
  FIELD(onhook_ras_port_1, port);
  FIELD(onhook_ras_port_1, connection);
  FIELD(onhook_ras_port_1, hardware_condition);
  FIELD(onhook_ras_port_1, line_speed);
  FIELD(onhook_ras_port_1, bytes_transmitted);
  FIELD(onhook_ras_port_1, bytes_received);
  FIELD(onhook_ras_port_1, frames_transmitted);
  FIELD(onhook_ras_port_1, frames_received);
  FIELD(onhook_ras_port_1, crc_errors);
  FIELD(onhook_ras_port_1, timeout_errors);
  FIELD(onhook_ras_port_1, alignment_errors);
  FIELD(onhook_ras_port_1, hardware_overruns);
  FIELD(onhook_ras_port_1, framing_errors);
  FIELD(onhook_ras_port_1, buffer_overruns);
  FIELD(onhook_ras_port_1, compression_ratio_in);
  FIELD(onhook_ras_port_1, compression_ratio_out);
  end();
}

int main(void) {
  printf("{\n");
  put_numbers();
  put_interface();
  put_process();
  put_entries();
  put_ras();
  printf("\n}\n");
  return 0;
}
