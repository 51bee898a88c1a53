/* error.c - the last error of each thread. */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Only the reader's functions touch it: the first use on a thread may allocate. */
static _Thread_local error last;

/* How many of the first `bytes` bytes of `text` there are without a character of UTF-8 that is cut
   in two at their end. */
static uint32_t whole(const char *text, uint32_t bytes) {
  uint32_t start = bytes;
  while (start > 0 && ((uint8_t)text[start - 1] & 0xC0u) == 0x80u) {
    start--;
  }
  if (start == 0) {
    return bytes; /* no UTF-8 at all */
  }
  uint8_t first = (uint8_t)text[start - 1];
  uint32_t wanted = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  return bytes - (start - 1) < wanted ? start - 1 : bytes;
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
  uint32_t written = (uint32_t)length < ERROR_TEXT_BYTES ? (uint32_t)length : ERROR_TEXT_BYTES - 1;
  e->text_bytes = whole(e->text, written);
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
  uint32_t bytes =
      buffer_bytes < last.text_bytes ? whole(last.text, buffer_bytes) : last.text_bytes;
  memcpy(buffer, last.text, bytes);
  return bytes;
}
