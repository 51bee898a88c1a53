/** A status of the library or of its loading, in words. */
export interface NativeStatusEntry {
  /** The number; 0 and above are no errors, below -1000 are the host's own. */
  readonly code: number;
  /** What is, for the middle of an error message. */
  readonly text: string;
  /** What to do next. */
  readonly help: string;
}

/**
 * Every status that a call of the library can end with, by its name in the header, and the host's
 * own for a library that cannot be loaded.
 *
 * Source: `host/native/include/onhook.h`.
 */
export const nativeStatus = {
  ONHOOK_OK: { code: 0, text: "it succeeded", help: "nothing has to be done" },
  ONHOOK_TIMEOUT: { code: 1, text: "the time is over", help: "wait again" },
  ONHOOK_INTERRUPTED: { code: 2, text: "it was interrupted", help: "look at what is wanted" },
  ONHOOK_INVALID_ARGUMENT: {
    code: -1,
    text: "an argument is not allowed",
    help: "report this defect",
  },
  ONHOOK_OPEN_FAILED: {
    code: -2,
    text: "the system does not allow it",
    help: "check that the folder exists and that this account may write to it",
  },
  ONHOOK_UNKNOWN_FORMAT: {
    code: -3,
    text: "the file has an unknown format or version",
    help: "use the host and the library of one release, or name another journal",
  },
  ONHOOK_BUSY: {
    code: -4,
    text: "another reader has it",
    help: "stop that process first",
  },
  ONHOOK_DAMAGED: {
    code: -5,
    text: "the header of the file contradicts itself",
    help: "move the file away, so that a new one is made, and keep it for examination",
  },
  ONHOOK_BUFFER_TOO_SMALL: {
    code: -6,
    text: "the next entry does not fit into the buffer",
    help: "drain into a larger buffer",
  },
  ONHOOK_NO_MEMORY: {
    code: -7,
    text: "there is not enough memory",
    help: "free memory and try again",
  },
  ONHOOK_NO_PROCESS: {
    code: -8,
    text: "there is no such process",
    help: "ask about a process that runs",
  },
  LIBRARY_NOT_LOADED: {
    code: -1001,
    text: "the system cannot load it",
    help: "build it with deno task build, and name its path when it is elsewhere",
  },
  SYMBOL_MISSING: {
    code: -1002,
    text: "a function is missing in it",
    help: "build it again with deno task build",
  },
  LIBRARY_NOT_ALLOWED: {
    code: -1004,
    text: "Deno does not allow it",
    help: "start Deno with --allow-ffi for this path",
  },
  ABI_MISMATCH: {
    code: -1003,
    text: "it has another binary interface",
    help: "use the host and the library of one release, or build it again with deno task build",
  },
} as const satisfies Record<string, NativeStatusEntry>;

/** The name of a status. */
export type NativeStatusName = keyof typeof nativeStatus;
