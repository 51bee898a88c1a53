import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { makePluginHome } from "./plugin_home.ts";
import { testWhere } from "../../tests/support/test_where.ts";

interface Folders {
  readonly state: string;
  readonly npm: string;
}

async function withFolders(test: (folders: Folders) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const npm = join(folder, "npm-cache");
    await Deno.mkdir(npm);
    await Deno.writeTextFile(join(npm, "package.txt"), "shared");
    await test({ state: join(folder, "state"), npm });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const readThrough = (home: string) => Deno.readTextFile(join(home, "npm", "package.txt"));

testWhere(
  "links",
  "makePluginHome() makes a folder for each plugin that shares the npm cache",
  () =>
    withFolders(async ({ state, npm }) => {
      const a = await makePluginHome(state, "a", npm);
      const b = await makePluginHome(state, "b", npm);
      assertEquals([a, b], [join(state, "plugins", "a"), join(state, "plugins", "b")]);
      assertEquals(await readThrough(a), "shared");
      assertEquals(await readThrough(b), "shared");
      if (Deno.build.os !== "windows") assertEquals((await Deno.stat(a)).mode! & 0o777, 0o700);
    }),
);

Deno.test("makePluginHome() leaves no room for storage that needs no permission", () =>
  withFolders(async ({ state, npm }) => {
    const home = await makePluginHome(state, "a", npm);
    assertEquals((await Deno.stat(join(home, "location_data"))).isFile, true);
    await assertRejects(() => Deno.mkdir(join(home, "location_data", "x"), { recursive: true }));
  }));

testWhere(
  "links",
  "makePluginHome() may be called again and follows a cache that has moved",
  () =>
    withFolders(async ({ state, npm }) => {
      const home = await makePluginHome(state, "a", npm);
      assertEquals(await makePluginHome(state, "a", npm), home);
      const moved = `${npm}-moved`;
      await Deno.rename(npm, moved);
      await makePluginHome(state, "a", moved);
      assertEquals(await readThrough(home), "shared");
    }),
);

testWhere(
  "links",
  "makePluginHome() replaces a folder that stands where the link has to be",
  () =>
    withFolders(async ({ state, npm }) => {
      await Deno.mkdir(join(state, "plugins", "a", "npm", "inner"), { recursive: true });
      const home = await makePluginHome(state, "a", npm);
      assertEquals(await readThrough(home), "shared");
    }),
);

testWhere(
  "links",
  "makePluginHome() takes the link away and never what it points to",
  () =>
    withFolders(async ({ state, npm }) => {
      const home = await makePluginHome(state, "a", npm);
      const other = `${npm}-other`;
      await Deno.mkdir(other);
      await makePluginHome(state, "a", other);
      assertEquals(await Deno.readLink(join(home, "npm")), other);
      assertEquals(await Deno.readTextFile(join(npm, "package.txt")), "shared");
    }),
);
