/** Plugin processes end when they have to, on Linux and on Windows, and leave nothing behind. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import type { HostProcess } from "../support/host_process.ts";
import { isRunning } from "../support/is_running.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const LIMIT_MS = 20_000;

function plugin(id: string, does: string, more: Partial<TestPlugin> = {}): TestPlugin {
  const file = `./${id}.pids`;
  return {
    id,
    file: "tells_its_pid",
    permissions: { write: [file] },
    config: { file, does },
    timeoutMs: 60_000,
    ...more,
  };
}

/** The processes that a plugin has had, oldest first. */
function pidsOf(world: TestWorld, id: string): number[] {
  try {
    return Deno.readTextFileSync(join(world.folder, `${id}.pids`)).trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  const untilMs = performance.now() + LIMIT_MS;
  for (const pid of pids) {
    while (await isRunning(pid)) {
      assert(performance.now() < untilMs, `process ${pid} still runs`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function played(world: TestWorld, plugins: readonly TestPlugin[]): Promise<HostProcess> {
  await world.writeRegistry([world.recorder("first"), ...plugins, world.recorder("last")]);
  const host = await world.startHost();
  await world.play({ count: 3, seed: 1 });
  return host;
}

Deno.test("a host that is killed leaves no plugin process, an endless loop included", async () => {
  await using world = await TestWorld.make([]);
  const host = await played(world, [plugin("quiet", "nothing"), plugin("loops", "loops")]);
  const isThere = () => pidsOf(world, "quiet").length > 0 && pidsOf(world, "loops").length > 0;
  await host.until(isThere, "both plugins have said who they are");
  await host.until(() => world.distinct("first") >= 4, "the first plugin has all events");
  const pids = ["quiet", "loops"].flatMap((id) => pidsOf(world, id));
  for (const pid of pids) assert(await isRunning(pid));
  await host.kill();
  await untilGone(pids);
  // Nothing is lost: without the loop, the next host goes on where the first one was.
  await world.writeRegistry([world.recorder("first"), world.recorder("last")]);
  await using next = await world.startHost();
  await next.until(() => world.distinct("last") >= 4, "the last plugin has all events");
});

Deno.test("a plugin in an endless loop is killed, and its neighbours lose nothing", async () => {
  await using world = await TestWorld.make([]);
  await using host = await played(world, [plugin("loops", "loops", { timeoutMs: 300 })]);
  await host.until(() => world.distinct("last") >= 4, "the last plugin has all events");
  const pids = pidsOf(world, "loops");
  assert(pids.length >= 3, `${pids}`);
  await untilGone(pids.slice(0, 3));
});

Deno.test("a plugin that eats memory is killed, and its neighbours lose nothing", async () => {
  await using world = await TestWorld.make([]);
  await using host = await played(world, [plugin("eats", "eats", { residentMb: 300 })]);
  await host.until(() => world.distinct("last") >= 4, "the last plugin has all events");
  const pids = pidsOf(world, "eats");
  assert(pids.length >= 3, `${pids}`);
  await untilGone(pids.slice(0, 3));
});
