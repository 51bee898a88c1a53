import { assertEquals, assertGreater } from "@std/assert";
import { headerPrototypes } from "./header_prototypes.ts";
import { onhookSymbols } from "./onhook_symbols.ts";

const native = new URL("../native/", import.meta.url);
const header = await Deno.readTextFile(new URL("include/onhook.h", native));
const prototypes = headerPrototypes(header).filter((one) => one.name.startsWith("onhook_"));

Deno.test("onhookSymbols names exactly the functions of the header when they are compared", () => {
  assertGreater(prototypes.length, 0);
  assertEquals(Object.keys(onhookSymbols).sort(), prototypes.map((one) => one.name).sort());
});

Deno.test("onhookSymbols names exactly the exports when they are compared", async () => {
  const exports = await Deno.readTextFile(new URL("exports.def", native));
  const names = [...exports.matchAll(/^\s+(onhook_\w+)/gm)].map(([, name]) => name!);
  assertEquals(Object.keys(onhookSymbols).sort(), names.sort());
});

for (const prototype of prototypes) {
  Deno.test(`onhookSymbols types ${prototype.name} as the header does`, async () => {
    const symbol = onhookSymbols[prototype.name as keyof typeof onhookSymbols];
    assertEquals([...symbol.parameters] as string[], [...prototype.parameters]);
    assertEquals(symbol.result as string, prototype.result);
    const source = await Deno.readTextFile(new URL("./onhook_symbols.ts", import.meta.url));
    const entry = source.match(new RegExp(`^  ${prototype.name}: \\{[^]*?^  \\},`, "m"))![0];
    const comments = [...entry.matchAll(/^ {6}"\w+", \/\/ (.*)$/gm)].map(([, comment]) => comment!);
    assertEquals(comments, [...prototype.declarations]);
  });
}

Deno.test("onhookSymbols blocks on another thread only when it waits", () => {
  const nonblocking = Object.entries(onhookSymbols)
    .filter(([, symbol]) => "nonblocking" in symbol && symbol.nonblocking);
  assertEquals(nonblocking.map(([name]) => name), ["onhook_reader_wait"]);
  // A buffer of a non-blocking call may be collected during the call.
  assertEquals(nonblocking.flatMap(([, symbol]) => symbol.parameters).includes("buffer"), false);
});
