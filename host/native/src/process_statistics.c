/* process_statistics.c - what a process uses, for limits that the host holds on others. */
#include <inttypes.h>

#include "error.h"
#include "platform.h"

static int32_t fail(uint32_t process_id, uint32_t code, bool gone) {
  error e;
  if (gone) {
    error_set(&e, ONHOOK_NO_PROCESS, code, process_id,
              "Cannot measure process %" PRIu32 ": there is none, one that runs is wanted",
              process_id);
    return error_publish(&e);
  }
  char text[160];
  platform_error_text(code, text, sizeof text);
  error_set(&e, ONHOOK_OPEN_FAILED, code, process_id,
            "Cannot measure process %" PRIu32 ": %s (system error %" PRIu32
            "), a process that this account may look at is wanted",
            process_id, text, code);
  return error_publish(&e);
}

int32_t onhook_process_statistics(uint32_t process_id, onhook_process_statistics_t *out) {
  if (out == NULL || process_id == 0) {
    error e;
    error_set(&e, ONHOOK_INVALID_ARGUMENT, 0, 0,
              "Cannot measure a process: its number is 0 or there is no place for the result, "
              "both are wanted");
    return error_publish(&e);
  }
  platform_usage usage = {0};
  bool gone = false;
  uint32_t failed = platform_process_usage(process_id, &usage, &gone);
  if (failed != 0) {
    return fail(process_id, failed, gone);
  }
  *out = (onhook_process_statistics_t){.resident_bytes = usage.resident_bytes,
                                       .cpu_us = usage.cpu_us};
  return ONHOOK_OK;
}
