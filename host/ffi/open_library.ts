import { NativeError } from "../internal/errors.ts";
import { nativeStatus, type NativeStatusName } from "./native_status.ts";
import { onhookSymbols } from "./onhook_symbols.ts";

/** The loaded native library. */
export type OnhookLibrary = Deno.DynamicLibrary<typeof onhookSymbols>;

/** The version of the binary interface that this host speaks. */
const ABI_VERSION = 1;

/**
 * Loads the native library. Needs `--allow-ffi` for its path.
 *
 * @param path The library's file.
 * @returns The library; whoever called has to close it.
 * @throws {NativeError} When it cannot be loaded, misses a function or has another version.
 */
export function openLibrary(path: string): OnhookLibrary {
  // Alone and first: a library of another version may well miss some of the other functions.
  const probe = load(path, { onhook_abi_version: onhookSymbols.onhook_abi_version });
  const version = probe.symbols.onhook_abi_version();
  probe.close();
  if (version !== ABI_VERSION) {
    throw failure("ABI_MISMATCH", path, `version ${version}, version ${ABI_VERSION} is wanted`);
  }
  return load(path, onhookSymbols);
}

function load<S extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: S,
): Deno.DynamicLibrary<S> {
  try {
    return Deno.dlopen(path, symbols);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const name = reason.includes("Failed to register symbol")
      ? "SYMBOL_MISSING"
      : "LIBRARY_NOT_LOADED";
    throw failure(name, path, reason, { cause });
  }
}

function failure(
  name: NativeStatusName,
  path: string,
  reason: string,
  options?: ErrorOptions,
): NativeError {
  const { code, text, help } = nativeStatus[name];
  // The systems' reasons end with a full stop or a line break, some with both.
  const trimmed = reason.replace(/[\s.]+$/, "");
  return new NativeError(
    `Cannot load the library ${path}: ${text} (${trimmed}); ${help}`,
    { code, symbol: name, systemCode: 0, processId: 0 },
    options,
  );
}
