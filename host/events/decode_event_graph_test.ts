import { assert, assertEquals, assertFalse } from "@std/assert";

/** Every module that is loaded at run time when `entry` is imported. */
async function modules(entry: string): Promise<string[]> {
  const seen = new Set<string>();
  const visit = async (url: string) => {
    if (seen.has(url)) return;
    seen.add(url);
    const source = await Deno.readTextFile(new URL(url));
    for (
      const [, names, specifier] of source.matchAll(
        /^(?:import|export)\s([^;]*?)from\s"([^"]+)";/gm,
      )
    ) {
      if (names!.startsWith("type ")) continue;
      assert(specifier!.startsWith("."), `${url} imports ${specifier} at run time`);
      await visit(new URL(specifier!, url).href);
    }
  };
  await visit(new URL(entry, import.meta.url).href);
  return [...seen];
}

Deno.test("decode_event.ts loads no schema when it is imported", async () => {
  const loaded = await modules("./decode_event.ts");
  assertFalse(loaded.some((url) => url.endsWith("/schema.ts")), loaded.join("\n"));
  assertEquals(loaded.some((url) => url.endsWith("/layout.ts")), true);
});
