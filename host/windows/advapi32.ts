import { openSystemLibrary } from "./open_system_library.ts";

/**
 * What is called of advapi32. Handles and pointers that Windows gave are numbers, because Deno
 * makes pointers only for processes that may load every library.
 *
 * Source: winreg.h, securitybaseapi.h, winsvc.h of the Windows SDK.
 */
const symbols = {
  RegOpenKeyExW: {
    parameters: ["usize", "buffer", "u32", "u32", "buffer"], // key, name, options, rights, out
    result: "i32",
  },
  RegCreateKeyExW: {
    // key, name, reserved, class, options, rights, security, out, disposition
    parameters: [
      "usize",
      "buffer",
      "u32",
      "usize",
      "u32",
      "u32",
      "usize",
      "buffer",
      "usize",
    ],
    result: "i32",
  },
  RegCloseKey: { parameters: ["usize"], result: "i32" },
  RegQueryValueExW: {
    parameters: ["usize", "buffer", "usize", "buffer", "buffer", "buffer"], // …, type, data, bytes
    result: "i32",
  },
  RegEnumKeyExW: {
    parameters: ["usize", "u32", "buffer", "buffer", "usize", "usize", "usize", "usize"],
    result: "i32",
  },
  RegEnumValueW: {
    // key, index, name, name units, reserved, type, data, bytes
    parameters: ["usize", "u32", "buffer", "buffer", "usize", "usize", "usize", "usize"],
    result: "i32",
  },
  RegSetValueExW: {
    parameters: ["usize", "buffer", "u32", "u32", "buffer", "u32"], // …, type, data, bytes
    result: "i32",
  },
  RegDeleteValueW: { parameters: ["usize", "buffer"], result: "i32" },
  RegDeleteKeyExW: { parameters: ["usize", "buffer", "u32", "u32"], result: "i32" },
  RegNotifyChangeKeyValue: {
    parameters: ["usize", "i32", "u32", "usize", "i32"], // key, subtree, what, event, asynchronous
    result: "i32",
  },
  CheckTokenMembership: { parameters: ["usize", "buffer", "buffer"], result: "i32" }, // …, SID, out
  OpenProcessToken: { parameters: ["usize", "u32", "buffer"], result: "i32" }, // process, rights
  GetTokenInformation: {
    parameters: ["usize", "u32", "buffer", "u32", "buffer"], // token, class, out, bytes, needed
    result: "i32",
  },
  GetFileSecurityW: {
    parameters: ["buffer", "u32", "buffer", "u32", "buffer"], // path, what, out, bytes, needed
    result: "i32",
  },
  SetFileSecurityW: { parameters: ["buffer", "u32", "buffer"], result: "i32" }, // path, what, rights
  OpenSCManagerW: { parameters: ["usize", "usize", "u32"], result: "usize" }, // machine, base, rights
  OpenServiceW: { parameters: ["usize", "buffer", "u32"], result: "usize" }, // manager, name, rights
  QueryServiceStatus: { parameters: ["usize", "buffer"], result: "i32" },
  CloseServiceHandle: { parameters: ["usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The root of everything that this project reads and writes in the registry. */
export const HKEY_LOCAL_MACHINE = 0xffff_ffff_8000_0002n;

let opened: Deno.StaticForeignLibraryInterface<typeof symbols> | undefined;

/** The functions of advapi32, loaded with the first call. @throws {NativeError} When it is not. */
export function advapi32(): Deno.StaticForeignLibraryInterface<typeof symbols> {
  return opened ??= openSystemLibrary("advapi32", symbols);
}
