import { openSystemLibrary } from "./open_system_library.ts";

/**
 * What is called of kernel32. Handles are numbers, for the reason told in `advapi32.ts`.
 *
 * Source: synchapi.h, handleapi.h, processthreadsapi.h, jobapi2.h, winbase.h of the Windows SDK.
 */
const symbols = {
  GetLastError: { parameters: [], result: "u32" },
  CloseHandle: { parameters: ["usize"], result: "i32" },
  CreateEventW: {
    parameters: ["usize", "i32", "i32", "usize"], // security, manual reset, set, name
    result: "usize",
  },
  SetEvent: { parameters: ["usize"], result: "i32" },
  WaitForSingleObject: {
    parameters: ["usize", "u32"], // handle, milliseconds
    result: "u32",
    // The only call that blocks; it passes no buffer.
    nonblocking: true,
  },
  GetCurrentProcess: { parameters: [], result: "usize" },
  OpenProcess: { parameters: ["u32", "i32", "u32"], result: "usize" }, // rights, inherit, id
  CreateJobObjectW: { parameters: ["usize", "usize"], result: "usize" }, // security, name
  SetInformationJobObject: {
    parameters: ["usize", "u32", "buffer", "u32"], // job, class, information, bytes
    result: "i32",
  },
  AssignProcessToJobObject: { parameters: ["usize", "usize"], result: "i32" },
  TerminateJobObject: { parameters: ["usize", "u32"], result: "i32" },
  MoveFileExW: { parameters: ["buffer", "usize", "u32"], result: "i32" }, // from, to, flags
} as const satisfies Deno.ForeignLibraryInterface;

let opened: Deno.StaticForeignLibraryInterface<typeof symbols> | undefined;

/** The functions of kernel32, loaded with the first call. @throws {NativeError} When it is not. */
export function kernel32(): Deno.StaticForeignLibraryInterface<typeof symbols> {
  return opened ??= openSystemLibrary("kernel32", symbols);
}
