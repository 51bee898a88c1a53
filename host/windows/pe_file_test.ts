import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../internal/errors.ts";
import { peFile } from "./pe_file.ts";

const PREBUILT = new URL("../native/prebuilt/windows-x64/onhook.dll", import.meta.url);
const bytes = Deno.readFileSync(PREBUILT);

function refusal(wrong: Uint8Array): string {
  return assertThrows(() => peFile(wrong, "x.dll"), InputError).message;
}

Deno.test("peFile() tells architecture, exports, imports and version of a library", () => {
  const file = peFile(bytes, "onhook.dll");
  assertEquals([file.architecture, file.isLibrary], ["x64", true]);
  assert(file.exports.includes("MprAdminLinkHangupNotification"));
  assert(file.imports.includes("KERNEL32.dll"));
  assert(/^\d+\.\d+\.\d+\.\d+$/.test(file.version!), file.version);
});

Deno.test("peFile() tells a program and another architecture from a library for x64", () => {
  const other = bytes.slice();
  const header = new DataView(other.buffer).getUint32(0x3c, true);
  other.set([0x64, 0xaa], header + 4);
  other[header + 23]! &= 0xdf;
  const file = peFile(other, "x.dll");
  assertEquals([file.architecture, file.isLibrary], ["arm64", false]);
  other.set([0x01, 0x02], header + 4);
  assertEquals(peFile(other, "x.dll").architecture, "unknown(0x201)");
});

Deno.test("peFile() says what is wrong when it is no Windows file, or is cut short", () => {
  const text = new TextEncoder().encode("#!/bin/sh\n".repeat(100));
  assert(refusal(text).includes("x.dll: the file: found a file that is none, wanted a Windows"));
  assert(refusal(new Uint8Array()).includes("a file that is none"));
  for (const length of [64, 200, 1000, 20_000]) {
    assert(refusal(bytes.subarray(0, length)).includes("cut short"), `${length} bytes`);
  }
});

Deno.test("peFile() ends with a result or an InputError whatever bytes are changed", () => {
  const change = fc.tuple(fc.nat(4096), fc.uint8Array({ minLength: 1, maxLength: 8 }));
  fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
    const wrong = bytes.slice();
    for (const [place, values] of changes) wrong.set(values, place);
    try {
      peFile(wrong, "x.dll");
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }));
});
