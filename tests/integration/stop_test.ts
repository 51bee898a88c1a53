/** A host that has no terminal is asked to stop through its store. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { runTask } from "../support/run_task.ts";
import { TestWorld } from "../support/test_world.ts";

async function stop(world: TestWorld): Promise<[code: number, out: string]> {
  const { code, stdout } = await runTask(world, "stop");
  return [code, stdout];
}

Deno.test("stop lets the host finish what is in hand and end with 0, and the next one runs on", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("slow", { delayMs: 20 })]);
  const host = await world.startHost();
  await world.play({ count: 20, seed: 1 });
  const [code, out] = await stop(world);
  assertEquals([code, await host.ended()], [0, 0], host.stderr);
  assertStringIncludes(out, "The host has stopped");
  assertStringIncludes(host.stderr, "onhook stopped");
  // A request that found no host is not kept for the next one.
  assertEquals(await stop(world), [0, "No host runs on this journal\n"]);
  await using next = await world.startHost();
  await next.until(() => world.distinct("slow") >= 21, "all events are there");
  const all = world.recorded("slow").map(({ event }) => event.sequence);
  assertEquals(new Set(all).size, all.length, "nothing came twice");
});

Deno.test("stop waits for the event in hand only, also of a plugin that never waits", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("works", { delayMs: 25, works: true })]);
  const host = await world.startHost();
  // Handed over in frames, each of which is more work than a stop may take.
  await world.play({ count: 1500, seed: 1 });
  await host.until(() => world.distinct("works") > 3, "events come");
  assertEquals((await stop(world))[0], 0);
  assertEquals(await host.ended(), 0, host.stderr);
  assertEquals(host.log.filter(({ level }) => level !== "INFO"), [], "nothing was killed");
  const done = world.distinct("works");
  await using next = await world.startHost();
  await next.until(() => world.distinct("works") > done + 3, "it goes on");
  const all = world.recorded("works").map(({ event }) => event.sequence);
  assertEquals(new Set(all).size, all.length, "nothing came twice");
});
