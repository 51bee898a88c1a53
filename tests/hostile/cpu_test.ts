/** Processor time that a plugin takes for itself; it answers every event in time. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { HostProcess, LogLine } from "../support/host_process.ts";
import { testWhere } from "../support/test_where.ts";
import { TestWorld } from "../support/test_world.ts";

const COMPUTES = fromFileUrl(new URL("./plugins/computes.ts", import.meta.url));
const HANGUPS = 200;
const ALL = HANGUPS + 2;

/** Runs a plugin that computes between two recorders that must get everything. */
async function besideNeighbours(
  config: Record<string, unknown>,
  limits: { cpuPercent: number; cpuWindowMs: number },
  check: (host: HostProcess, world: TestWorld) => Promise<void>,
): Promise<void> {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    world.recorder("before"),
    { id: "busy", file: COMPUTES, config, ...limits },
    world.recorder("after"),
  ]);
  await using host = await world.startHost(["--backoff-first-ms=20"]);
  await world.play({ count: HANGUPS, seed: 5 });
  for (const id of ["before", "after"]) {
    await host.until(() => world.distinct(id) === ALL, `${id} has all events`);
  }
  await check(host, world);
  assertEquals(await host.stop(), 0);
}

const told = (host: HostProcess): LogLine[] =>
  host.log.filter(({ plugin, message }) => plugin === "busy" && message.includes("cpuPercent"));

for (const way of ["inWorker", "inMicrotasks"]) {
  testWhere(
    "processorTimes",
    `a plugin that computes for itself (${way}) is killed, then parked, and told why`,
    () =>
      besideNeighbours({ way }, { cpuPercent: 10, cpuWindowMs: 2000 }, async (host) => {
        const parked = await host.untilLog(
          ({ plugin, message }) =>
            plugin === "busy" && message.startsWith("The plugin is parked: "),
          "it is parked",
        );
        assertEquals(told(host).length, 2, "started once more, and not again");
        assertStringIncludes(parked.message, "ms of processor time within 2000 ms (cpuWindowMs)");
        assertStringIncludes(parked.message, "more than the 200 ms that cpuPercent 10 allows");
      }),
  );
}

testWhere(
  "processorTimes",
  "a plugin that needs a core to catch up with its events is left alone",
  () =>
    besideNeighbours(
      { way: "nothing", eventMs: 20 },
      { cpuPercent: 20, cpuWindowMs: 1000 },
      (host) => {
        assert(HANGUPS * 20 > 1000 * 3, "it computes for several windows");
        assertEquals(told(host), []);
        return Promise.resolve();
      },
    ),
);
