import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { copyPackages } from "./_copy_packages.ts";

async function withCache(test: (from: string, to: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const cache = join(folder, "npm", "registry", "@scope", "name");
    await Deno.mkdir(join(cache, "1.0.0", "lib"), { recursive: true });
    await Deno.writeTextFile(join(cache, "registry.json"), "{}");
    await Deno.writeTextFile(join(cache, "1.0.0", "package.json"), "{}");
    await Deno.writeTextFile(join(cache, "1.0.0", "lib", "mod.js"), "one");
    await Deno.writeTextFile(join(cache, "1.0.0", "lib", "mod.d.ts"), "types");
    await test(join(folder, "npm"), join(folder, "copy"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Every file below a folder, with slashes. */
function filesIn(folder: string, prefix = ""): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(join(folder, name), `${prefix}${name}/`) : [prefix + name]
  ).toSorted();
}

const NAME = "registry/@scope/name";

Deno.test("copyPackages() copies what can be run when nothing is there", () =>
  withCache(async (from, to) => {
    await copyPackages(from, to);
    assertEquals(filesIn(to), [
      `${NAME}/1.0.0/lib/mod.js`,
      `${NAME}/1.0.0/package.json`,
      `${NAME}/registry.json`,
    ]);
  }));

Deno.test("copyPackages() adds a version and brings lists up to date when it is called again", () =>
  withCache(async (from, to) => {
    await copyPackages(from, to);
    await Deno.mkdir(join(from, NAME, "2.0.0"));
    await Deno.writeTextFile(join(from, NAME, "2.0.0", "package.json"), "{}");
    await Deno.writeTextFile(join(from, NAME, "registry.json"), `{"new":1}`);
    await copyPackages(from, to);
    assertEquals(await Deno.readTextFile(join(to, NAME, "registry.json")), `{"new":1}`);
    assertEquals(filesIn(to).includes(`${NAME}/2.0.0/package.json`), true);
  }));

Deno.test("copyPackages() leaves whole packages when several run at the same time", () =>
  withCache(async (from, to) => {
    await Promise.all(Array.from({ length: 8 }, () => copyPackages(from, to)));
    assertEquals(filesIn(to).length, 3);
  }));
