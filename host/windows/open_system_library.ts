import { NativeError } from "../internal/errors.ts";
import { type SystemLibrary, systemLibraryPath } from "./system_library_path.ts";

const CODE = -1010;

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
