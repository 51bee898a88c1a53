/* error.h - what went wrong, in numbers and in words. */
#ifndef ONHOOK_ERROR_H
#define ONHOOK_ERROR_H

#include <stdint.h>

#include "onhook.h"

#define ERROR_TEXT_BYTES 1024u

typedef struct error {
  onhook_error_info info;
  uint32_t text_bytes;
  char text[ERROR_TEXT_BYTES]; /* UTF-8, terminated */
} error;

/*
 * Sets `e` and returns `code`. The text is `format`, cut to fit. `system_code` and `process_id` 0:
 * the system or another process had no part in it.
 */
#if defined(__MINGW32__)
__attribute__((format(gnu_printf, 5, 6)))
#else
__attribute__((format(printf, 5, 6)))
#endif
int32_t error_set(error *e, int32_t code, uint32_t system_code, uint32_t process_id,
                  const char *format, ...);

/* Makes `e` the last error of this thread and returns its code. */
int32_t error_publish(const error *e);

#endif
