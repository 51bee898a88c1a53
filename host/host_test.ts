import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { resolveConfig } from "./config.ts";
import { Host } from "./host.ts";
import { NativeError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";
import { ensureLibrary } from "./native/build.ts";
import { fakeEntry } from "./registry/_fake_entry.ts";
import type { PluginEntry } from "./registry/registry_schema.ts";
import { testWhere } from "../tests/support/test_where.ts";

interface Bench {
  readonly folder: string;
  readonly said: string[];
  /** Opens a host on the folder's journal and store. */
  open(plugins?: readonly PluginEntry[]): Promise<Host>;
}

async function withFolder(test: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "onhook-host-" }));
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const log: HostLog = { debug: say, info: say, warn: say, error: say };
  const libraryPath = await ensureLibrary();
  const paths = {
    journalPath: join(folder, "hangup.journal"),
    stateFolder: folder,
    registryPath: join(folder, "registry.json"),
  };
  const config = resolveConfig(paths, {}, Deno.build.os, { workingFolder: folder });
  const open = (plugins: readonly PluginEntry[] = []) =>
    Host.open({ config, registry: { source: "test", plugins }, libraryPath, log });
  try {
    await test({ folder, said, open });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function entryOf(folder: string, path: string): PluginEntry {
  return fakeEntry("a", { path, memoryMb: 64, baseFolder: folder });
}

Deno.test("Host.stop() ends the run, and each further call waits for the same stop", () =>
  withFolder(async ({ open, said }) => {
    const host = await open();
    const running = host.run();
    await host.start();
    const stopped = host.stop();
    assertEquals(host.stop() === stopped, true);
    await stopped;
    await running;
    await host.stop();
    assertEquals(said, []);
  }));

Deno.test("Host.stop() may come before the start, and gives everything free", () =>
  withFolder(async ({ open }) => {
    await (await open()).stop();
    await (await open()).stop();
  }));

Deno.test("Host.open() refuses a journal that somebody reads, and leaves nothing open", () =>
  withFolder(async ({ open }) => {
    const first = await open();
    const error = await assertRejects(() => open(), NativeError);
    assertEquals(error.details.processId, Deno.pid);
    await first.stop();
    await (await open()).stop();
  }));

testWhere(
  "pipes",
  "Host.stop() ends in the middle of a start that would take for ever",
  () =>
    withFolder(async ({ folder, open }) => {
      // Nobody writes to this pipe, so whoever reads it waits.
      const path = join(folder, "pipe.ts");
      await new Deno.Command("mkfifo", { args: [path] }).output();
      const host = await open([entryOf(folder, path)]);
      const running = host.run();
      const started = host.start();
      await host.stop();
      await Promise.all([running, started]);
    }),
);
