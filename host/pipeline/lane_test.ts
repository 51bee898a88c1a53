/** What a lane does while the store fails, while a process is dying, and at a stop. */
import { assert, assertEquals } from "@std/assert";
import { layout } from "../events/layout.ts";
import { StoreError } from "../internal/errors.ts";
import { fakeBatch } from "./_fake_plugins.ts";
import { startedWorld, type World } from "./_fake_world.ts";

/** What a plugin was handed, as `[sequence, attempt]`. */
function handed(world: World, plugin: string): [number, number][] {
  return world.plugins.handed.filter((one) => one.plugin === plugin)
    .map(({ sequence, attempt }) => [sequence, attempt]);
}

/** One event is in hand, the store fails, and a second event comes that cannot be stored. */
async function worldWithBrokenStore(): Promise<World> {
  const world = await startedWorld(["a"]);
  await world.come(1);
  world.breakStore(true);
  void world.come(1);
  await world.clock.advance(0);
  return world;
}

Deno.test("Lane does not kill a plugin for an event that waits for the store", async () => {
  using world = await worldWithBrokenStore();
  world.plugins.of("a").settle();
  await world.clock.advance(20_000);
  assertEquals(world.plugins.of("a").isAlive, true);
  world.breakStore(false);
  await world.clock.advance(1000);
  assertEquals(handed(world, "a"), [[1, 1], [2, 1]]);
  await world.settleAll();
  assertEquals(world.store.failures("a"), []);
});

Deno.test("Lane does not skip an event that a dead process was never handed", async () => {
  using world = await worldWithBrokenStore();
  world.plugins.of("a").settle();
  world.plugins.of("a").die(1);
  world.breakStore(false);
  await world.clock.advance(5000);
  await world.settleAll();
  assertEquals(world.store.failures("a"), []);
  assertEquals(handed(world, "a").map(([sequence]) => sequence), [1, 2]);
});

Deno.test("Lane takes no answer for an event that the process was not handed yet", async () => {
  using world = await worldWithBrokenStore();
  world.plugins.of("a").listener.settled({ sequence: 2, count: 2, longestUs: 1, bins: [] });
  assertEquals(world.plugins.of("a").isAlive, false);
});

Deno.test("Lane hands nothing to a process that is being killed", async () => {
  using world = await startedWorld(["a"]);
  await world.come(1);
  world.plugins.isKilledAtOnce = false;
  const process = world.plugins.of("a");
  process.settle();
  process.listener.settled({ sequence: 1, count: 1, longestUs: 1, bins: [] });
  assertEquals(process.kills, 1);
  await world.come(1);
  assertEquals(handed(world, "a"), [[1, 1]]);
  process.die(137);
  await world.clock.advance(1000);
  await world.settleAll();
  assertEquals(world.store.failures("a"), []);
  assertEquals(handed(world, "a"), [[1, 1], [2, 1]]);
});

Deno.test("Lane does not blame the next event when the late one is settled after all", async () => {
  using world = await startedWorld(["a"]);
  await world.come(2);
  world.plugins.isKilledAtOnce = false;
  const process = world.plugins.of("a");
  await world.clock.advance(5000);
  assertEquals(process.kills, 1);
  process.settle(1);
  process.die(137);
  await world.clock.advance(1000);
  assertEquals(world.store.failures("a"), []);
  assertEquals(handed(world, "a").at(-1), [2, 2]);
});

Deno.test("Lane keeps the attempts of earlier processes over a stop", async () => {
  using world = await startedWorld(["a"]);
  await world.come(3);
  world.plugins.of("a").die(1);
  await world.clock.advance(1000);
  assertEquals(handed(world, "a").at(-1), [1, 2], "one by one after a death");
  await world.pipeline.stop(5000);
  await world.dieAndRestart();
  const again = handed(world, "a").slice(4);
  assertEquals(again, [[1, 2], [2, 2], [3, 2]], "what was never begun is not counted");
});

Deno.test("Lane kills a plugin that says stopped although nobody stops it", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(2);
  world.plugins.of("a").listener.stopped();
  assertEquals(world.plugins.of("a").isAlive, false);
  await world.settleAll();
  assertEquals(world.store.failures("a"), []);
});

Deno.test("Lane starts no timer after a stop, whatever waits for the store", async () => {
  using world = await worldWithBrokenStore();
  const stopped = world.pipeline.stop(5000);
  world.breakStore(false);
  await world.clock.advance(6000);
  await stopped;
  assertEquals(world.clock.timers, 0);
});

Deno.test("Lane saves at a stop what could not be stored before", async () => {
  using world = await worldWithBrokenStore();
  world.plugins.of("a").settle();
  world.breakStore(false);
  await world.pipeline.stop(5000);
  assertEquals(world.store.cursor("a"), { settled: 1, runs: [] });
  assertEquals(world.store.lastSequence, 2);
  assertEquals(world.clock.timers, 0);
});

Deno.test("Lane gets what comes after its cursor, when the cursor is ahead of the store", async () => {
  using world = await startedWorld(["a", "b"]);
  world.store.transaction(() => world.store.setCursor("a", { settled: 500, runs: [] }));
  await world.dieAndRestart();
  await world.come(2);
  await world.settleAll();
  assertEquals(handed(world, "a"), [[501, 1], [502, 1]]);
  assertEquals(handed(world, "b"), [[501, 1], [502, 1]]);
});

Deno.test("Lane goes on behind an event that cannot be decoded", async () => {
  using world = await startedWorld(["a"]);
  const batch = fakeBatch(1n, 0, 1);
  const view = new DataView(batch.buffer);
  view.setUint32(layout.entry.bytes, layout.entry.payload, true);
  await world.pipeline.takeIn(batch.subarray(0, layout.entry.payload));
  world.plugins.of("a").fail();
  assertEquals(world.store.failures("a").map(({ sequence }) => sequence), [1]);
  assertEquals(world.pipeline.settledByAll, 1);
});

Deno.test("Lane waits when the store cannot be read, and goes on when it can", async () => {
  using world = await startedWorld(["a"]);
  world.plugins.of("a").die(1);
  for (let i = 0; i < 10; i++) await world.come(8);
  world.store.readSegment = () => {
    throw new StoreError("Cannot read the store: it is broken on purpose, wanted it whole");
  };
  await world.clock.advance(1000);
  assertEquals(handed(world, "a"), []);
  assert(world.said.some((line) => line.startsWith("Cannot read the store")), world.said.join());
  Reflect.deleteProperty(world.store, "readSegment");
  await world.clock.advance(1000);
  await world.settleAll();
  assertEquals(handed(world, "a").length, 80);
});
