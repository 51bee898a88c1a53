/* error.c - the last error of each thread. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Only the reader's functions touch it: the first use on a thread may allocate. */
static _Thread_local error last;

/* The length of `text` cut to `limit` without cutting a character of UTF-8 in two. */
static uint32_t cut(const char *text, uint32_t length, uint32_t limit) {
  if (length <= limit) {
    return length;
  }
  while (limit > 0 && ((uint8_t)text[limit] & 0xC0u) == 0x80u) {
    limit--;
  }
  return limit;
}

int32_t error_set(error *e, int32_t code, uint32_t system_code, uint32_t process_id,
                  const char *format, ...) {
  e->info = (onhook_error_info){code, system_code, process_id, 0};
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(e->text, sizeof e->text, format, arguments);
  va_end(arguments);
  if (length < 0) {
    e->text[0] = '\0';
    length = 0;
  }
  e->text_bytes = cut(e->text, (uint32_t)length, ERROR_TEXT_BYTES - 1);
  e->text[e->text_bytes] = '\0';
  return code;
}

int32_t error_publish(const error *e) {
  last = *e;
  return e->info.code;
}

uint32_t onhook_last_error(uint8_t *buffer, uint32_t buffer_bytes, onhook_error_info *out) {
  if (out != NULL) {
    *out = last.info;
  }
  if (buffer == NULL) {
    return last.text_bytes;
  }
  uint32_t bytes = cut(last.text, last.text_bytes, buffer_bytes);
  memcpy(buffer, last.text, bytes);
  return bytes;
}
