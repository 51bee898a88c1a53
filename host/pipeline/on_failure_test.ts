/** The three ways to go on after a failure, redriving and releasing, on a whole pipeline. */
import { assert, assertEquals } from "@std/assert";
import { StoreError } from "../internal/errors.ts";
import { startedWorld, type World } from "./_fake_world.ts";

const attemptsOf = (world: World, plugin: string): [number, number][] =>
  world.plugins.handed.filter((handed) => handed.plugin === plugin)
    .map(({ sequence, attempt }) => [sequence, attempt]);

Deno.test("Lane with retry hands a failed event over again before anything else", async () => {
  using world = await startedWorld(["retry", "b"]);
  await world.come(3);
  world.plugins.of("retry").fail();
  assertEquals(attemptsOf(world, "retry"), [[1, 1], [2, 1], [3, 1]]);
  assertEquals(world.handedTo("b"), []);
  assertEquals(world.pipeline.report()[0]!.state, "retrying");
  await world.clock.advance(749);
  assertEquals(attemptsOf(world, "retry").length, 3);
  await world.clock.advance(1);
  assertEquals(attemptsOf(world, "retry").slice(3), [[1, 2]], "alone, and nothing was begun");
  world.plugins.of("retry").settle();
  assertEquals(world.handedTo("b"), [1]);
  assertEquals(attemptsOf(world, "retry").slice(4), [[2, 1], [3, 1]]);
  assertEquals(world.store.failures("retry"), []);
});

Deno.test("Lane with retry skips an event after its last try and waits longer each time", async () => {
  using world = await startedWorld(["retry", "b"]);
  await world.come(2);
  const times: number[] = [];
  for (let tries = 0; tries < 3; tries++) {
    while (world.plugins.of("retry").inHand.length === 0) await world.clock.advance(10);
    times.push(world.clock.monotonic());
    world.plugins.of("retry").fail();
  }
  assert(times[2]! - times[1]! >= 2 * (times[1]! - times[0]!) - 20, `${times}`);
  assertEquals(world.store.failures("retry").map(({ sequence, attempt }) => [sequence, attempt]), [
    [1, 3],
  ]);
  assertEquals(world.handedTo("b"), [1]);
  assertEquals(attemptsOf(world, "retry").at(-1), [2, 1]);
});

Deno.test("Lane with hold keeps its events; the others go on; a release lets it go on", async () => {
  using world = await startedWorld(["hold", "b"]);
  await world.come(2);
  world.plugins.of("hold").fail();
  assertEquals(world.pipeline.report()[0]!.state, "held");
  assert(world.said.some((line) => line.includes("deno task plugin release hold")));
  await world.come(8);
  for (let i = 0; i < 3; i++) world.plugins.of("b").settle();
  assertEquals(world.handedTo("b").length, 10);
  world.store.transaction(() => world.store.addRequest("release", "hold"));
  await world.pipeline.look(() => Promise.resolve(0));
  assertEquals(world.plugins.of("hold").inHand, [{ plugin: "hold", sequence: 1, attempt: 2 }]);
  await world.settleAll();
  const first = [...new Set(world.handedTo("hold"))];
  assertEquals(first, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(world.store.requests().get("hold"), undefined);
});

Deno.test("Lane with hold is tried again after parkedRetryMs, and held again", async () => {
  using world = await startedWorld(["hold"]);
  await world.come(1);
  world.plugins.of("hold").fail();
  await world.clock.advance(599_999);
  assertEquals(world.plugins.of("hold").inHand, []);
  await world.clock.advance(1);
  assertEquals(world.plugins.of("hold").inHand.map(({ attempt }) => attempt), [2]);
  world.plugins.of("hold").fail();
  assertEquals(world.pipeline.report()[0]!.state, "held");
  assertEquals(world.store.failures("hold"), [], "a held event is no dead letter");
});

Deno.test("Lane that is held is started again when one of its files changes", async () => {
  using world = await startedWorld(["hold"]);
  await world.come(1);
  const first = world.plugins.of("hold");
  first.changedMs = 5;
  first.fail();
  for (const changedMs of [5, 5, 6, 7]) await world.pipeline.look(() => Promise.resolve(changedMs));
  await world.clock.advance(0);
  assertEquals(first.isAlive, true, "the file is still being written");
  await world.pipeline.look(() => Promise.resolve(7));
  await world.clock.advance(0);
  assertEquals(first.isAlive, false, "what it has loaded is the old file");
  assertEquals(world.plugins.of("hold").inHand, [{ plugin: "hold", sequence: 1, attempt: 2 }]);
});

Deno.test("Lane that is parked is released when one of its files changes, also right after", async () => {
  using world = await startedWorld(["a"], { deathsPerWindowMax: 1, parkedRetryMs: 600_000 });
  const park = async () => {
    for (let i = 0; i < 2; i++) {
      world.plugins.of("a").die(1);
      await world.clock.advance(500);
    }
    assertEquals(world.pipeline.report()[0]?.state, "parked");
  };
  const look = async (changedMs: number) => {
    await world.pipeline.look(() => Promise.resolve(changedMs));
    await world.clock.advance(0);
    return world.pipeline.report()[0]?.state;
  };
  await park();
  assertEquals(await look(5), "parked", "it was so when it was started");
  assertEquals(await look(6), "ready");
  await park();
  assertEquals(await look(6), "parked", "a change counts once");
  assertEquals(await look(world.clock.now() - 100), "ready");
});

Deno.test("Lane holds the event that its process dies of, and the others go on", async () => {
  using world = await startedWorld(["hold", "b"]);
  await world.come(1);
  await world.clock.advance(5000);
  await world.clock.advance(1000);
  assertEquals(world.pipeline.report()[0]!.state, "held");
  assertEquals(world.handedTo("b"), [1]);
});

Deno.test("Lane hands dead letters over once more, one by one, between the others", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(4);
  world.plugins.of("a").settle(1);
  world.plugins.of("a").fail();
  world.plugins.of("a").fail();
  await world.settleAll();
  world.store.transaction(() => {
    world.store.addRequest("redrive", "a", 3);
    world.store.addRequest("redrive", "a", 2);
    world.store.addRequest("redrive", "nobody", 2);
  });
  await world.pipeline.look(() => Promise.resolve(0));
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 2, attempt: 2 }]);
  await world.come(1);
  world.plugins.of("a").settle();
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 3, attempt: 2 }]);
  world.plugins.of("a").fail();
  await world.settleAll();
  assertEquals(world.handedTo("a").at(-1), 5);
  assertEquals(world.store.requests().get("a"), undefined);
  assertEquals(
    world.store.requests().get("nobody")?.length,
    1,
    "it waits until such a plugin runs",
  );
  const dead = world.store.failures("a");
  assertEquals(dead.map(({ sequence, attempt }) => [sequence, attempt]), [[2, 2], [3, 2]]);
  assertEquals(world.store.isRedriven("a", 2), true);
  assertEquals(world.handedTo("b"), [1, 2, 3, 4, 5], "nobody else gets it again");
});

Deno.test("Lane keeps the lines of log of the attempt that failed with the dead letter", async () => {
  using world = await startedWorld(["a"]);
  await world.come(2);
  const { listener } = world.plugins.of("a");
  listener.log({ level: "info", message: "of another event", sequence: 2 });
  listener.log({ level: "warn", message: "of this one", sequence: 1 });
  world.plugins.of("a").fail();
  assertEquals(world.store.failures("a")[0]!.log, [{ level: "warn", message: "of this one" }]);
});

Deno.test("Lane says of a dead letter that it comes again also after the host died over it", async () => {
  using world = await startedWorld(["a"]);
  await world.come(1);
  world.plugins.of("a").fail();
  world.store.transaction(() => world.store.addRequest("redrive", "a", 1));
  await world.pipeline.look(() => Promise.resolve(0));
  await world.dieAndRestart();
  await world.pipeline.look(() => Promise.resolve(0));
  assertEquals(attemptsOf(world, "a"), [[1, 1], [1, 2], [1, 3]]);
});

Deno.test("Lane hands a dead letter over once more when it can be read, and not before", async () => {
  using world = await startedWorld(["a"], { recentBytesMax: 64 });
  await world.come(20);
  world.plugins.of("a").fail();
  await world.settleAll();
  world.store.transaction(() => world.store.addRequest("redrive", "a", 1));
  world.store.readSegment = () => {
    throw new StoreError("Cannot read the store: on purpose, wanted it whole");
  };
  // Other events push the dead letter's out of memory.
  await world.come(20);
  await world.pipeline.look(() => Promise.resolve(0));
  Reflect.deleteProperty(world.store, "readSegment");
  await world.clock.advance(1000);
  await world.settleAll();
  assertEquals(attemptsOf(world, "a").filter(([sequence]) => sequence === 1), [[1, 1], [1, 2]]);
});

Deno.test("Pipeline hands no dead letter over that retention has dropped, and forgets the request", async () => {
  using world = await startedWorld(["a"]);
  await world.come(1);
  world.plugins.of("a").fail();
  await world.come(3);
  await world.settleAll();
  world.store.transaction(() => world.store.addRequest("redrive", "a", 1));
  world.store.prune(world.pipeline.settledByAll, { ageMsMax: 1e12, bytesMax: 0 });
  assertEquals(world.store.failures("a"), []);
  await world.pipeline.look(() => Promise.resolve(0));
  assertEquals(world.plugins.of("a").inHand, []);
  assertEquals(world.store.requests().get("a"), undefined);
  assert(world.said.some((line) => line.includes("retention has dropped")));
});

Deno.test("Lane that is parked says so, whatever else it waits for", async () => {
  using world = await startedWorld(["retry"], { deathsPerWindowMax: 1 });
  await world.come(1);
  world.plugins.of("retry").die(1);
  await world.clock.advance(1000);
  world.plugins.of("retry").die(1);
  assertEquals(world.pipeline.report()[0]!.state, "parked");
});

Deno.test("Pipeline.settledByAll counts only what the store knows", async () => {
  using world = await startedWorld(["a"]);
  await world.come(2);
  world.breakStore(true);
  world.plugins.of("a").settle();
  assertEquals([world.pipeline.settledByAll, world.store.cursor("a")?.settled], [0, 0]);
  world.breakStore(false);
  await world.clock.advance(1000);
  assertEquals([world.pipeline.settledByAll, world.store.cursor("a")?.settled], [2, 2]);
});
