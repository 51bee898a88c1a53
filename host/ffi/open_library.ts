import { NativeError } from "../internal/errors.ts";
import { loadLibrary } from "./load_library.ts";
import { nativeStatus } from "./native_status.ts";
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
  const probe = loadLibrary(path, { onhook_abi_version: onhookSymbols.onhook_abi_version });
  const version = probe.symbols.onhook_abi_version();
  probe.close();
  if (version === ABI_VERSION) return loadLibrary(path, onhookSymbols);
  const { code, text, help } = nativeStatus.ABI_MISMATCH;
  throw new NativeError(
    `Cannot load the library ${path}: ${text} (version ${version}, version ${ABI_VERSION} is ` +
      `wanted); ${help}`,
    { code, symbol: "ABI_MISMATCH", systemCode: 0, processId: 0 },
  );
}
