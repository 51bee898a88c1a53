/* text_step.h - one step over a text of UTF-16 units that ends with a 0: copies it, looks for that. */
#ifndef ONHOOK_TEXT_STEP_H
#define ONHOOK_TEXT_STEP_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

/* Units in one step. */
#define TEXT_STEP 8u

/* Copies TEXT_STEP units, which need no alignment. Returns the first that is 0 as its number;
   TEXT_STEP when none is. */
static inline unsigned take_text_step(uint8_t *to, const uint8_t *from) {
  __m128i eight = _mm_loadu_si128((const __m128i *)(const void *)from);
  _mm_storeu_si128((__m128i *)(void *)to, eight);
  unsigned zeros = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(eight, _mm_setzero_si128()));
  return (unsigned)__builtin_ctz(zeros | 0x10000u) / 2;
}

#else

#define TEXT_STEP 4u

static inline unsigned take_text_step(uint8_t *to, const uint8_t *from) {
  uint64_t four;
  memcpy(&four, from, 8);
  memcpy(to, &four, 8);
  uint64_t zero = (four - UINT64_C(0x0001000100010001)) & ~four & UINT64_C(0x8000800080008000);
  return zero == 0 ? TEXT_STEP : (unsigned)__builtin_ctzll(zero) / 16;
}

#endif

#endif
