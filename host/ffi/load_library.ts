import { NativeError } from "../internal/errors.ts";
import { nativeStatus, type NativeStatusName } from "./native_status.ts";

/**
 * Loads a library and finds its functions; never done while a module is imported. Needs
 * `--allow-ffi` for the path.
 *
 * @param path The library's file.
 * @param symbols The functions.
 * @returns The library; whoever called has to close it.
 * @throws {NativeError} When it cannot be loaded or a function is missing.
 */
export function loadLibrary<S extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: S,
): Deno.DynamicLibrary<S> {
  try {
    return Deno.dlopen(path, symbols);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const symbol = statusOf(cause, reason);
    const { code, text, help } = nativeStatus[symbol];
    throw new NativeError(
      `Cannot load the library ${path}: ${text} (${tidy(reason)}); ${help}`,
      { code, symbol, systemCode: 0, processId: 0 },
      { cause },
    );
  }
}

/** Deno has no error class for a missing function, only words. */
function statusOf(cause: unknown, reason: string): NativeStatusName {
  if (cause instanceof Deno.errors.NotCapable) return "LIBRARY_NOT_ALLOWED";
  return reason.includes("Failed to register symbol") ? "SYMBOL_MISSING" : "LIBRARY_NOT_LOADED";
}

/** Deno says the same twice, and systems end their reasons with full stops or line breaks. */
function tidy(reason: string): string {
  return reason.replace(/^(?:Could not open library: )+/, "").replace(/[\s.]+$/, "");
}
