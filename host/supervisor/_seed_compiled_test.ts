import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { seedCompiled } from "./_seed_compiled.ts";

async function withFolders(
  test: (compiled: string, cache: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "compiled"), join(folder, "cache"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function write(folder: string, room: string, name: string, text: string): Promise<void> {
  await Deno.mkdir(join(folder, room), { recursive: true });
  await Deno.writeTextFile(join(folder, room, name), text);
}

Deno.test("seedCompiled() copies the runner's rooms and nothing else", () =>
  withFolders(async (compiled, cache) => {
    await write(compiled, "runner", "main.ts.js", "runner");
    await write(compiled, "runner", "main_test.ts.js", "test");
    await write(compiled, "store", "store.ts.js", "store");
    await seedCompiled(compiled, cache);
    const names = await Array.fromAsync(Deno.readDir(cache), ({ name }) => name);
    assertEquals(names, ["runner"]);
    const files = await Array.fromAsync(Deno.readDir(join(cache, "runner")), ({ name }) => name);
    assertEquals(files, ["main.ts.js"]);
  }));

Deno.test("seedCompiled() replaces what is older and leaves what is newer", () =>
  withFolders(async (compiled, cache) => {
    await write(compiled, "events", "old.ts.js", "new text");
    await write(compiled, "events", "new.ts.js", "old text");
    await write(cache, "events", "old.ts.js", "old text");
    await write(cache, "events", "new.ts.js", "new text");
    await Deno.utime(join(cache, "events", "old.ts.js"), 1, 1);
    await Deno.utime(join(compiled, "events", "new.ts.js"), 1, 1);
    await seedCompiled(compiled, cache);
    for (const name of ["old", "new"]) {
      assertEquals(await Deno.readTextFile(join(cache, "events", `${name}.ts.js`)), "new text");
    }
  }));

Deno.test("seedCompiled() does nothing when nothing was compiled", () =>
  withFolders(async (compiled, cache) => {
    await seedCompiled(compiled, cache);
    assertEquals(await Deno.stat(cache).catch(() => undefined), undefined);
  }));
