/*
 * atomic.h - access to memory that several processes share. Every such field is read and written
 * with these and nothing else. `seq` where a store must be seen before a later load is made.
 */
#ifndef ONHOOK_ATOMIC_H
#define ONHOOK_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the journal's integers are little endian: this machine needs a conversion on every access"
#endif
#if __GCC_ATOMIC_LLONG_LOCK_FREE != 2
#error "64 bits at once need a lock on this machine, and a lock cannot be shared with a process"
#endif

static inline uint64_t load_relaxed(const uint64_t *at) {
  return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static inline uint64_t load_acquire(const uint64_t *at) {
  return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static inline uint64_t load_seq(const uint64_t *at) {
  return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}

static inline void store_relaxed(uint64_t *at, uint64_t value) {
  __atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static inline void store_release(uint64_t *at, uint64_t value) {
  __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static inline void store_seq(uint64_t *at, uint64_t value) {
  __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

/* Returns the value before. */
static inline uint64_t add_relaxed(uint64_t *at, uint64_t value) {
  return __atomic_fetch_add(at, value, __ATOMIC_RELAXED);
}

/* Returns the value before; what was written earlier is seen by whoever sees the sum. */
static inline uint64_t add_release(uint64_t *at, uint64_t value) {
  return __atomic_fetch_add(at, value, __ATOMIC_ACQ_REL);
}

static inline uint64_t add_seq(uint64_t *at, uint64_t value) {
  return __atomic_fetch_add(at, value, __ATOMIC_SEQ_CST);
}

static inline uint64_t exchange(uint64_t *at, uint64_t value) {
  return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);
}

/* Swaps `from` for `to`; false when something else stands there. A full fence when it succeeds. */
static inline bool swap_if(uint64_t *at, uint64_t from, uint64_t to) {
  return __atomic_compare_exchange_n(at, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}

/* The same; `*seen` is `from`, and what stands there instead when it fails. */
static inline bool swap_or_see(uint64_t *at, uint64_t *seen, uint64_t to) {
  return __atomic_compare_exchange_n(at, seen, to, false, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE);
}

static inline uint32_t load32_seq(const uint32_t *at) {
  return __atomic_load_n(at, __ATOMIC_SEQ_CST);
}

static inline void store32_seq(uint32_t *at, uint32_t value) {
  __atomic_store_n(at, value, __ATOMIC_SEQ_CST);
}

static inline uint32_t exchange32(uint32_t *at, uint32_t value) {
  return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);
}

static inline bool swap32_if(uint32_t *at, uint32_t from, uint32_t to) {
  return __atomic_compare_exchange_n(at, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline int64_t load_time(const int64_t *at) {
  return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static inline int64_t load_time_acquire(const int64_t *at) {
  return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

static inline void store_time_release(int64_t *at, int64_t value) {
  __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

static inline void store_time(int64_t *at, int64_t value) {
  __atomic_store_n(at, value, __ATOMIC_RELAXED);
}

/* Raises `at` to `value`. Gives up when others raise it at the same time: they are as late. */
static inline void raise_time(int64_t *at, int64_t value) {
  int64_t seen = load_time(at);
  for (int tries = 0; seen < value && tries < 64; tries++) {
    if (__atomic_compare_exchange_n(at, &seen, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      return;
    }
  }
}

static inline void raise_relaxed(uint64_t *at, uint64_t value) {
  uint64_t seen = load_relaxed(at);
  for (int tries = 0; seen < value && tries < 64; tries++) {
    if (__atomic_compare_exchange_n(at, &seen, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      return;
    }
  }
}

#endif
