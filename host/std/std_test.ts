import { assertEquals, assertRejects, assertThrows } from "./assert.ts";
import { deadline } from "./async_deadline.ts";
import { fromFileUrl, join } from "./path.ts";

const doors = ["assert", "async_deadline", "fmt_colors", "path"];

for (const door of doors) {
  Deno.test(`${door}.ts exports exactly what its types name when it is loaded`, async () => {
    const types = await Deno.readTextFile(new URL(`./${door}.d.ts`, import.meta.url));
    const named = [...types.matchAll(/^export (function|class|const) (\w+)/gm)];
    const wanted = new Map(named.map(([, kind, name]) => [name, kind === "const"]));
    const module: Record<string, unknown> = await import(`./${door}.ts`);
    const found = new Map(
      Object.entries(module).map(([name, value]) => [name, typeof value !== "function"]),
    );
    assertEquals(new Map([...found].sort()), new Map([...wanted].sort()));
  });
}

Deno.test("deadline() rejects with a TimeoutError when the promise does not settle", async () => {
  const error = await assertRejects(() => deadline(new Promise(() => {}), 1), DOMException);
  assertEquals(error.name, "TimeoutError");
});

Deno.test("fromFileUrl() throws a TypeError when the address is no file", () => {
  assertThrows(() => fromFileUrl("https://example.com/"), TypeError);
  assertEquals(fromFileUrl("file:///a%20b/c"), join("/", "a b", "c"));
});

Deno.test("join() has types that a caller cannot go around", () => {
  // @ts-expect-error A number is no path; without the types at the door this would pass.
  assertThrows(() => join(1));
});
