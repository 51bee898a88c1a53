import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { systemClock } from "../internal/clock.ts";
import { NativeError } from "../internal/errors.ts";
import { fakeEntry } from "../registry/_fake_entry.ts";
import { copyPackages } from "./_copy_packages.ts";
import { findDenoPlaces } from "./deno_places.ts";
import type { MakeCage } from "./process_cage.ts";
import type { PluginListener } from "./plugin_process.ts";
import { pluginSpawner } from "./spawn_plugin.ts";

const MODULE = fromFileUrl(new URL("../../examples/01_log_hangups/mod.ts", import.meta.url));

const ENTRY = fakeEntry("caged", {
  path: MODULE,
  timeoutMs: 1000,
  baseFolder: fromFileUrl(new URL("../../examples/01_log_hangups", import.meta.url)),
});

/** It imports zod. */
const WITH_PACKAGE = fakeEntry("typed", {
  path: fromFileUrl(new URL("../../examples/02_typed_config/mod.ts", import.meta.url)),
  baseFolder: fromFileUrl(new URL("../../examples/02_typed_config", import.meta.url)),
});

/** Hears everything and waits for the end. */
function listener(): { heard: PluginListener; exited: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const heard = new Proxy({}, {
    get: (_, name) => name === "exited" ? () => resolve() : () => undefined,
  }) as PluginListener;
  return { heard, exited: promise };
}

async function started(makeCage: MakeCage | undefined, folder: string) {
  const { heard, exited } = listener();
  const spawn = pluginSpawner({
    clock: systemClock,
    places: await findDenoPlaces(),
    stateFolder: folder,
    makeCage,
    logLinesPerSecondMax: 1000,
    strayBytesPerSecondMax: 1_000_000,
  });
  const process = await spawn(ENTRY, heard, new AbortController().signal);
  return { process, exited };
}

Deno.test("pluginSpawner() puts a process into its cage and gives the cage up when it is gone", async () => {
  const folder = await Deno.makeTempDir();
  const said: string[] = [];
  const { process, exited } = await started((pid, { id }) => {
    said.push(`made for ${id}`);
    assert(pid > 0);
    return { kill: () => said.push("kill"), close: () => said.push("close") };
  }, folder);
  process.kill();
  await exited;
  assertEquals(said, ["made for caged", "kill", "close"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a process that is dead can be killed and written to once more, which harms nobody", async () => {
  const folder = await Deno.makeTempDir();
  const { process, exited } = await started(undefined, folder);
  process.kill();
  process.kill();
  await exited;
  process.kill();
  const { promise: written, resolve } = Promise.withResolvers<void>();
  process.send(new Uint8Array(16), resolve);
  await written;
  await Deno.remove(folder, { recursive: true });
});

Deno.test("pluginSpawner() starts nothing when there is no cage for it", async () => {
  const folder = await Deno.makeTempDir();
  const details = { code: -5, symbol: "WINDOWS_5", systemCode: 5, processId: 0 };
  let pid = 0;
  await assertRejects(
    () =>
      started((of) => {
        pid = of;
        throw new NativeError("Cannot put it into a job object: access is denied", details);
      }, folder),
    NativeError,
  );
  assert(pid > 0);
  await Deno.remove(folder, { recursive: true });
});

async function removeDescriptions(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await removeDescriptions(path);
    else if (name === "registry.json") await Deno.remove(path);
  }
}

// Deno may end before it has kept what the npm registry says of a package.
Deno.test("a plugin needs no word of the npm registry of packages that the lock file names", async () => {
  const folder = await Deno.makeTempDir();
  const places = await findDenoPlaces();
  const npmCache = join(folder, "npm");
  await copyPackages(places.npmCache, npmCache);
  await removeDescriptions(npmCache);
  const { promise: said, resolve } = Promise.withResolvers<unknown>();
  const exited = Promise.withResolvers<void>();
  const heard = new Proxy({}, {
    get: (_, name) => (message: unknown) => {
      if (name === "ready" || name === "refused" || name === "exited") resolve([name, message]);
      if (name === "exited") exited.resolve();
    },
  }) as PluginListener;
  const spawn = pluginSpawner({
    clock: systemClock,
    places: { ...places, npmCache },
    stateFolder: folder,
    logLinesPerSecondMax: 1000,
    strayBytesPerSecondMax: 1_000_000,
  });
  const process = await spawn(WITH_PACKAGE, heard, new AbortController().signal);
  try {
    const [what, message] = await said as [string, unknown];
    assertEquals(what, "ready", JSON.stringify(message));
  } finally {
    process.kill();
    await exited.promise;
    await Deno.remove(folder, { recursive: true });
  }
});
