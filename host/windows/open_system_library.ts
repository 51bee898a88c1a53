import { NativeError } from "../internal/errors.ts";

/** The system's libraries that this project calls. */
export type SystemLibrary = "advapi32" | "kernel32";

const CODE = -1010;

function systemRoot(): string {
  const variable = "SystemRoot";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return (state === "granted" ? Deno.env.get(variable) : undefined) ?? "C:\\Windows";
}

/** Where Windows keeps its own programs and libraries. */
export function systemFolder(): string {
  return `${systemRoot()}\\System32`;
}

/**
 * The file of a library of Windows. By its full path: a name alone would be looked for in the
 * working folder as well, and permissions are for paths.
 */
export function systemLibraryPath(library: SystemLibrary): string {
  return `${systemFolder()}\\${library}.dll`;
}

/** Whether this process may call a library of Windows; never on other systems. */
export function maySystemLibrary(library: SystemLibrary): boolean {
  if (Deno.build.os !== "windows") return false;
  return Deno.permissions.querySync({ name: "ffi", path: systemLibraryPath(library) }).state ===
    "granted";
}

/**
 * Loads a library of Windows; it stays loaded. Needs `--allow-ffi` for its path.
 *
 * @param symbols Its functions, one table for each library.
 * @throws {NativeError} When it cannot be loaded, which on Windows is only a missing permission.
 */
export function openSystemLibrary<S extends Deno.ForeignLibraryInterface>(
  library: SystemLibrary,
  symbols: S,
): Deno.StaticForeignLibraryInterface<S> {
  const path = systemLibraryPath(library);
  try {
    return Deno.dlopen(path, symbols).symbols;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NativeError(
      `Cannot load ${path}: ${reason.replace(/[\s.]+$/, "")}; this works on Windows alone, and ` +
        "Deno has to be started with --allow-ffi for this path",
      { code: CODE, symbol: "SYSTEM_LIBRARY_NOT_LOADED", systemCode: 0, processId: 0 },
      { cause },
    );
  }
}
