import { assertEquals } from "@std/assert";
import { nativeStatus } from "./native_status.ts";

Deno.test("nativeStatus has the results of the header when they are compared", async () => {
  const header = await Deno.readTextFile(new URL("../native/include/onhook.h", import.meta.url));
  const results = header.slice(header.indexOf("/* Results. */"), header.indexOf("/* Limits"));
  const wanted = [...results.matchAll(/^#define (ONHOOK_\w+) \(?(-?\d+)\)?/gm)]
    .map(([, name, code]) => [name!, Number(code)]);
  const found = Object.entries(nativeStatus)
    .filter(([name]) => name.startsWith("ONHOOK_"))
    .map(([name, entry]) => [name, entry.code]);
  assertEquals(found, wanted);
});

Deno.test("nativeStatus has texts that fit into a one-line message when they are put there", () => {
  for (const { text, help } of Object.values(nativeStatus)) {
    assertEquals([text, help].filter((words) => /[.\n]|n't/.test(words)), []);
  }
});
