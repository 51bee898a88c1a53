/**
 * What the host calls of the native library, as `Deno.dlopen` wants it. Beside each parameter
 * stands its C declaration; a test compares this table with the header and with the list of
 * exports.
 *
 * A reader is passed as a number as wide as a pointer, because Deno makes pointers only for
 * processes that may load every library, and the host may load this one alone.
 *
 * Source: `host/native/include/onhook.h`.
 */
export const onhookSymbols = {
  onhook_abi_version: {
    parameters: [],
    result: "u32",
  },
  onhook_reader_open: {
    parameters: [
      "buffer", // const char *path_utf8
      "u64", // uint64_t capacity_bytes
      "buffer", // onhook_reader **out
    ],
    result: "i32",
  },
  onhook_reader_wait: {
    parameters: [
      "usize", // onhook_reader *reader
      "u32", // uint32_t timeout_ms
    ],
    result: "i32",
    // The only call that blocks, and the only one that runs on another thread. It passes no
    // buffer, because a buffer of a non-blocking call may be collected during the call.
    nonblocking: true,
  },
  onhook_reader_interrupt: {
    parameters: [
      "usize", // onhook_reader *reader
    ],
    result: "i32",
  },
  onhook_reader_wake_state: {
    parameters: [
      "usize", // onhook_reader *reader
    ],
    result: "i32",
  },
  onhook_reader_drain: {
    parameters: [
      "usize", // onhook_reader *reader
      "buffer", // uint8_t *buffer
      "u32", // uint32_t buffer_bytes
      "u32", // uint32_t entries_max
      "buffer", // onhook_drained *out
    ],
    result: "i32",
  },
  onhook_reader_commit: {
    parameters: [
      "usize", // onhook_reader *reader
      "u64", // uint64_t position
      "u64", // uint64_t lost_total
    ],
    result: "i32",
  },
  onhook_reader_statistics: {
    parameters: [
      "usize", // onhook_reader *reader
      "buffer", // onhook_statistics *out
    ],
    result: "i32",
  },
  onhook_reader_close: {
    parameters: [
      "usize", // onhook_reader *reader
    ],
    result: "i32",
  },
  onhook_process_statistics: {
    parameters: [
      "u32", // uint32_t process_id
      "buffer", // onhook_process_statistics_t *out
    ],
    result: "i32",
  },
  onhook_last_error: {
    parameters: [
      "buffer", // uint8_t *buffer
      "u32", // uint32_t buffer_bytes
      "buffer", // onhook_error_info *out
    ],
    result: "u32",
  },
} as const satisfies Deno.ForeignLibraryInterface;
