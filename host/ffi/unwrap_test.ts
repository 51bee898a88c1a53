import { assertEquals, assertThrows } from "@std/assert";
import { NativeError } from "../internal/errors.ts";
import { structs } from "./_structs.ts";
import type { OnhookLibrary } from "./open_library.ts";
import { unwrap } from "./unwrap.ts";

/** A library whose last error on this thread is this one. */
function failed(code: number, text: string, systemCode = 0, processId = 0): OnhookLibrary {
  return {
    symbols: {
      onhook_last_error(buffer: Uint8Array, size: number, info: Uint8Array): number {
        const view = new DataView(info.buffer);
        view.setInt32(structs.errorInfo.code, code, true);
        view.setUint32(structs.errorInfo.systemCode, systemCode, true);
        view.setUint32(structs.errorInfo.processId, processId, true);
        return new TextEncoder().encodeInto(text, buffer.subarray(0, size)).written;
      },
    },
  } as unknown as OnhookLibrary;
}

Deno.test("unwrap() gives the status back when it is no error", () => {
  for (const status of [0, 1, 2]) assertEquals(unwrap(failed(0, ""), status, "try"), status);
});

Deno.test("unwrap() throws what the library said, which names the remedy, when it failed", () => {
  const text = "Cannot open the journal /j: process 42 reads it, one reader is wanted";
  const error = assertThrows(
    () => unwrap(failed(-4, text, 11, 42), -4, "open the journal /j"),
    NativeError,
  );
  assertEquals(error.message, text);
  assertEquals(error.details, {
    code: -4,
    symbol: "ONHOOK_BUSY",
    systemCode: 11,
    processId: 42,
  });
});

Deno.test("unwrap() speaks for itself when the library's words are of another failure", () => {
  const error = assertThrows(
    () => unwrap(failed(-2, "old"), -7, "open the journal /j"),
    NativeError,
  );
  assertEquals(
    error.message,
    "Cannot open the journal /j: there is not enough memory; free memory and try again",
  );
});

Deno.test("unwrap() does not ask for words when the call ran on another thread", () => {
  const error = assertThrows(
    () => unwrap(failed(-1, "of this one"), -1, "wait", "other"),
    NativeError,
  );
  assertEquals(error.message, "Cannot wait: an argument is not allowed; report this defect");
});

Deno.test("unwrap() names the number when it does not know the status", () => {
  const error = assertThrows(() => unwrap(failed(0, ""), -99, "try"), NativeError);
  assertEquals(error.details.symbol, "ONHOOK_-99");
  assertEquals(error.message.includes("unknown status -99"), true);
});
