/** A plugin that is not granted to see who it was must have no name anywhere in its process. */
import { assert, assertEquals } from "@std/assert";
import type { OnhookEvent } from "onhook";
import { foundInMemory } from "../support/process_memory.ts";
import { testWhere } from "../support/test_where.ts";
import { TestWorld } from "../support/test_world.ts";

const NAMES = ["session.user", "session.domain", "session.computer", "session.clientAddress"];
/** Shorter texts are found by chance. */
const UNITS_MIN = 9;
/** Each is searched for in tens of megabytes. */
const NAMES_MAX = 12;

function namesOf(events: readonly OnhookEvent[]): string[] {
  const names = events.flatMap((event) => {
    const session = "session" in event ? event.session : undefined;
    return [session?.user, session?.clientAddress].flatMap((name) => name ?? []);
  });
  return [...new Set(names)].filter(({ length }) => length >= UNITS_MIN).slice(0, NAMES_MAX);
}

testWhere("procMemory", "a plugin without the grant has no name in its whole memory", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    { ...world.recorder("sees"), fields: ["port", ...NAMES] },
    world.recorder("blind"),
  ]);
  await using host = await world.startHost();
  await world.play({ count: 300, hangupsOnly: false, seed: 7 });
  const ends = () => world.recorded("blind").some(({ event }) => event.type === "serviceStop");
  await host.until(ends, "both have had the whole day");
  const names = namesOf(world.recorded("sees").map(({ event }) => event));
  assertEquals(names.length, NAMES_MAX);
  // It loads the C library of Linux.
  const { pluginProcessesOf } = await import("../bench/process_probe.ts");
  const pids = pluginProcessesOf(host.pid);
  assert(foundInMemory(pids.get("sees")!, names).length > 5, "names are found where they are");
  assertEquals(foundInMemory(pids.get("blind")!, names), []);
  const blind = JSON.stringify(world.recorded("blind"));
  assertEquals(names.filter((name) => blind.includes(JSON.stringify(name).slice(1, -1))), []);
});

Deno.test(
  "a plugin that is granted nothing gets events with nothing in them",
  async () => {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([{ ...world.recorder("blind"), fields: [] }]);
    await using host = await world.startHost();
    await world.play({ count: 20, hangupsOnly: false, seed: 7 });
    const ends = () => world.recorded("blind").some(({ event }) => event.type === "serviceStop");
    await host.until(ends, "it has had the whole day");
    for (const { event } of world.recorded("blind")) {
      if ("port" in event) assertEquals([event.port, "session" in event], [{}, false]);
      if ("connection" in event) assertEquals([event.connection, "session" in event], [{}, false]);
      if (event.type === "sessionEnd") {
        assertEquals(["session" in event, "end" in event], [
          false,
          false,
        ]);
      }
    }
  },
);
