import { NativeError } from "../internal/errors.ts";
import { structs } from "./_structs.ts";
import { nativeStatus, type NativeStatusEntry } from "./native_status.ts";
import type { OnhookLibrary } from "./open_library.ts";

const TEXT_BYTES_MAX = 1024;

/**
 * The one way from a status of the library to an error: what is negative throws, with the words
 * that the library left for the calling thread.
 *
 * @param library The library that was called.
 * @param status What the call gave.
 * @param action What was tried, such as `open the journal /var/lib/onhook/hangup.journal`.
 * @param thread `"other"` when the call ran on another thread, whose words cannot be asked for.
 * @returns The status, when it is none of an error.
 * @throws {NativeError} When the status is negative.
 */
export function unwrap(
  library: OnhookLibrary,
  status: number,
  action: string,
  thread: "same" | "other" = "same",
): number {
  if (status >= 0) return status;
  const said = thread === "same" ? lastError(library, status) : undefined;
  const [symbol, entry] = lookUp(status);
  // The library's own words say what to do; only where it has none the catalogue has to.
  const what = said?.text || `Cannot ${action}: ${entry.text}; ${entry.help}`;
  throw new NativeError(what, {
    code: status,
    symbol,
    systemCode: said?.systemCode ?? 0,
    processId: said?.processId ?? 0,
  });
}

function lookUp(status: number): [string, NativeStatusEntry] {
  const known = Object.entries(nativeStatus).find(([, entry]) => entry.code === status);
  return known ?? [`ONHOOK_${status}`, {
    code: status,
    text: `the library gave the unknown status ${status}`,
    help: "use the host and the library of one release",
  }];
}

interface LastError {
  readonly text: string;
  readonly systemCode: number;
  readonly processId: number;
}

function lastError(library: OnhookLibrary, status: number): LastError | undefined {
  const text = new Uint8Array(TEXT_BYTES_MAX);
  const info = new DataView(new ArrayBuffer(structs.errorInfo.size));
  const length = library.symbols.onhook_last_error(text, text.length, new Uint8Array(info.buffer));
  // Words of an earlier failure would mislead.
  if (info.getInt32(structs.errorInfo.code, true) !== status) return undefined;
  const words = new TextDecoder().decode(text.subarray(0, Math.min(length, text.length)));
  return {
    text: words.replace(/[\s.\0]+$/, ""),
    systemCode: info.getUint32(structs.errorInfo.systemCode, true),
    processId: info.getUint32(structs.errorInfo.processId, true),
  };
}
