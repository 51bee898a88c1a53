import { dirname, join } from "@std/path";
import { copyPackages } from "./_copy_packages.ts";

/**
 * Makes the folder that a plugin's process uses as its `DENO_DIR`. It shares the host's cache of
 * npm packages and nothing else.
 *
 * Deno keeps `localStorage` and `caches` in the folder `location_data` there and asks no permission
 * for it: without any permission a plugin could fill the disk. A file of that name stands in the
 * way, so both fail for every plugin.
 *
 * Where folders cannot be linked (FAT, some network drives), plugins share a folder beside the
 * cache, with a copy of the packages; nothing of theirs is kept there either.
 *
 * @param stateFolder The host's state folder.
 * @param plugin The plugin's id.
 * @param npmCache Where npm packages are cached.
 * @returns Absolute path of the folder.
 */
export async function makePluginHome(
  stateFolder: string,
  plugin: string,
  npmCache: string,
): Promise<string> {
  const home = join(stateFolder, "plugins", plugin);
  await prepareHome(home);
  if (await isLinked(npmCache, join(home, "npm"))) return home;
  return await sharedHome(npmCache);
}

/** Plugins that start at the same time wait for one copy. */
const sharedHomes = new Map<string, Promise<string>>();

function sharedHome(npmCache: string): Promise<string> {
  const known = sharedHomes.get(npmCache);
  if (known !== undefined) return known;
  const made = makeSharedHome(npmCache).finally(() => sharedHomes.delete(npmCache));
  sharedHomes.set(npmCache, made);
  return made;
}

async function makeSharedHome(npmCache: string): Promise<string> {
  const shared = join(dirname(npmCache), "onhook-plugins");
  await prepareHome(shared);
  await copyPackages(npmCache, join(shared, "npm"));
  return shared;
}

/** Puts something in the way of all that Deno would keep there for a plugin. */
async function prepareHome(home: string): Promise<void> {
  await Deno.mkdir(home, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(
    join(home, "location_data"),
    "This file keeps plugins from storing anything here.\n",
  );
  // What is compiled from text of the plugin's own would be kept there without any limit.
  await Deno.mkdir(join(home, "gen"), { recursive: true });
  for (const scheme of ["data", "blob"]) {
    const inTheWay = join(home, "gen", scheme);
    const stat = await Deno.lstat(inTheWay).catch(() => undefined);
    if (stat?.isDirectory) await Deno.remove(inTheWay, { recursive: true });
    await Deno.writeTextFile(inTheWay, "This file keeps plugins from storing anything here.\n");
  }
  // A folder cannot be opened as a database; Deno then keeps what it would write there in memory.
  for (const name of ["dep_analysis_cache_v2", "node_analysis_cache_v2", "v8_code_cache_v2"]) {
    const inTheWay = join(home, name);
    const stat = await Deno.lstat(inTheWay).catch(() => undefined);
    if (stat?.isFile) await Deno.remove(inTheWay);
    await Deno.mkdir(join(inTheWay, "kept"), { recursive: true });
  }
}

async function isLinked(target: string, link: string): Promise<boolean> {
  if (await Deno.readLink(link).catch(() => undefined) === target) return true;
  // A folder of this name is Deno's own, from a time when the link was not there.
  await Deno.remove(link, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  try {
    await Deno.symlink(target, link, { type: "junction" });
    return true;
  } catch (error) {
    if (Deno.build.os === "windows") return false;
    throw error;
  }
}
