import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fakeBatch } from "./_fake_plugins.ts";
import { startedWorld, type World } from "./_fake_world.ts";

Deno.test("Pipeline gives an event to a plugin after the one before it has settled it", async () => {
  using world = await startedWorld(["a", "b", "c"]);
  await world.come(3);
  assertEquals(world.handedTo("a"), [1, 2, 3]);
  assertEquals(world.handedTo("b"), []);
  world.plugins.of("a").settle(2);
  assertEquals(world.handedTo("b"), [1, 2]);
  assertEquals(world.handedTo("c"), []);
  world.plugins.of("b").settle(1);
  assertEquals(world.handedTo("c"), [1]);
});

Deno.test("Pipeline stores what several plugins have answered by now in one transaction", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(3);
  world.plugins.of("a").settle(2);
  const later: (() => void)[] = [];
  world.clock.soon = (work) => void later.push(work);
  const transaction = world.store.transaction.bind(world.store);
  let count = 0;
  world.store.transaction = (work) => {
    count++;
    transaction(work);
  };
  world.plugins.of("a").settle();
  world.plugins.of("b").settle();
  assertEquals([count, later.length], [0, 1]);
  later[0]!();
  assertEquals(count, 1);
  assertEquals([world.store.cursor("a")!.settled, world.store.cursor("b")!.settled], [3, 2]);
  assertEquals(world.handedTo("b"), [1, 2, 3]);
});

/** Whether a promise has settled by now. */
async function isOver(promise: Promise<void>, world: World): Promise<boolean> {
  let over = false;
  promise.then(() => over = true);
  await world.clock.advance(0);
  return over;
}

Deno.test("Pipeline.keepUp() waits until plugins have what would leave memory next", async () => {
  using world = await startedWorld(["a", "b"], { recentBytesMax: 64 * 10 });
  await world.come(4);
  assert(await isOver(world.pipeline.keepUp(50), world), "all of it is new");
  await world.come(4);
  world.plugins.of("a").settle();
  const { timers } = world.clock;
  const keptUp = world.pipeline.keepUp(50);
  assert(!await isOver(keptUp, world), "b has settled nothing");
  world.plugins.of("b").settle(2);
  assert(!await isOver(keptUp, world), "the third event is among the older half");
  world.plugins.of("b").settle();
  assert(await isOver(keptUp, world));
  assertEquals(world.clock.timers, timers, "no timer is left");
});

Deno.test("Pipeline.keepUp() waits no longer than it may, and for nobody who is held", async () => {
  using world = await startedWorld(["hold"], { recentBytesMax: 64 * 10 });
  await world.come(8);
  const keptUp = world.pipeline.keepUp(50);
  await world.clock.advance(49);
  assert(!await isOver(keptUp, world));
  await world.clock.advance(1);
  assert(await isOver(keptUp, world));
  const held = world.pipeline.keepUp(50);
  for (let i = 0; i < 3; i++) world.plugins.of("hold").fail();
  assert(await isOver(held, world), "it is held by now");
  assert(await isOver(world.pipeline.keepUp(50), world));
});

Deno.test("Pipeline.keepUp() ends when the pipeline is stopped", async () => {
  using world = await startedWorld(["a"], { recentBytesMax: 64 * 10 });
  await world.come(8);
  const keptUp = world.pipeline.keepUp(60_000);
  const stopped = world.pipeline.stop(1000);
  world.plugins.of("a").settle();
  await world.clock.advance(1000);
  await stopped;
  assert(await isOver(keptUp, world));
});

Deno.test("Pipeline goes on with the next event when a handler fails", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(2);
  world.plugins.of("a").fail();
  assertEquals(world.handedTo("b"), [1]);
  assertEquals(world.store.failures("a").map(({ sequence, kind }) => [sequence, kind]), [
    [1, "failed"],
  ]);
});

Deno.test("Pipeline kills a plugin at the time limit, skips the event and goes on", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(1);
  await world.clock.advance(4999);
  assertEquals(world.plugins.of("a").isAlive, true);
  const first = world.plugins.of("a");
  await world.clock.advance(1);
  assertEquals(first.isAlive, false);
  assertEquals(world.handedTo("b"), [1]);
  assertEquals(world.store.failures("a").map(({ kind }) => kind), ["timedOut"]);
  await world.clock.advance(1000);
  await world.come(1);
  assertEquals(world.handedTo("a"), [1, 2]);
});

Deno.test("Pipeline finds the event that a process died of, handing over one by one", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(5);
  world.plugins.of("a").settle(1);
  world.plugins.of("a").die(1);
  await world.clock.advance(1000);
  assertEquals(world.plugins.of("a").inHand.map(({ sequence }) => sequence), [2]);
  world.plugins.of("a").settle();
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 3, attempt: 2 }]);
  world.plugins.of("a").die(1);
  await world.clock.advance(1000);
  assertEquals(world.store.failures("a").map(({ sequence }) => sequence), [3]);
  await world.settleAll();
  assertEquals(world.plugins.settled.filter(({ plugin }) => plugin === "b").at(-1)?.sequence, 5);
});

Deno.test("Pipeline parks a plugin that keeps dying; the others go on without it", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.isUpAtOnce = false;
  for (let i = 0; i < 6; i++) {
    world.plugins.of("a").die(1);
    await world.clock.advance(5000);
  }
  assertEquals(world.pipeline.report()[0]!.state, "parked");
  assertEquals(world.said.some((line) => line.startsWith("The plugin is parked")), true);
  await world.come(20);
  for (let i = 0; i < 5; i++) world.plugins.of("b").settle();
  assertEquals(world.handedTo("b").length, 20);
  world.plugins.isUpAtOnce = true;
  await world.clock.advance(600_000);
  await world.settleAll();
  assertEquals(new Set(world.handedTo("a")), new Set(world.handedTo("b")));
  await world.come(1);
  assertEquals(world.plugins.of("b").inHand, [], "b waits for a again");
});

Deno.test("Pipeline waits again for a parked plugin that has caught up, while more comes", async () => {
  using world = await startedWorld(["a", "b"], { frameEventsMax: 5 });
  world.plugins.isUpAtOnce = false;
  for (let i = 0; i < 6; i++) {
    world.plugins.of("a").die(1);
    await world.clock.advance(5000);
  }
  await world.come(5);
  world.plugins.of("b").settle();
  world.plugins.isUpAtOnce = true;
  await world.clock.advance(596_000);
  await world.come(5);
  assertEquals(world.handedTo("b").length, 10, "b goes on alone");
  world.plugins.of("a").settle(5);
  await world.come(5);
  assertEquals(
    world.handedTo("b").length,
    10,
    "a has settled all that b has, and goes first again",
  );
  await world.settleAll();
  assertEquals(world.handedTo("b").length, 15);
});

Deno.test("Pipeline says in attempt what comes again after the host died", async () => {
  using world = await startedWorld(["a"]);
  await world.come(3);
  world.plugins.of("a").settle(1);
  await world.dieAndRestart();
  await world.come(1);
  const again = world.plugins.handed.slice(3);
  assertEquals(again.map(({ sequence, attempt }) => [sequence, attempt]), [[2, 2], [3, 2], [4, 1]]);
});

Deno.test("Pipeline does not count an attempt for what a stopped plugin never began", async () => {
  using world = await startedWorld(["a"]);
  await world.come(3);
  await world.pipeline.stop(5000);
  await world.dieAndRestart();
  assertEquals(world.plugins.handed.slice(3).map(({ attempt }) => attempt), [1, 1, 1]);
});

Deno.test("Pipeline kills a plugin that answers twice or for other events", async () => {
  for (const sequence of [0, 1, 7]) {
    using world = await startedWorld(["a", "b"]);
    await world.come(3);
    const process = world.plugins.of("a");
    process.settle(1);
    process.listener.settled({ sequence, count: 1, longestUs: 1, bins: [] });
    assertEquals(process.isAlive, false);
    await world.settleAll();
    assertEquals(new Set(world.handedTo("b")), new Set([1, 2, 3]));
  }
});

Deno.test("Pipeline leaves out what is drained a second time", async () => {
  using world = await startedWorld(["a"]);
  await world.come(3);
  await world.pipeline.takeIn(fakeBatch(1n, 64, 3));
  assertEquals(world.handedTo("a"), [1, 2, 3, 4]);
  await world.pipeline.takeIn(fakeBatch(2n, 0, 1));
  assertEquals(world.pipeline.newest, 5, "another boot counts from the start");
});

Deno.test("Pipeline delivers in order and at least once through any history of faults", async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("come" as const), n: fc.integer({ min: 1, max: 30 }) }),
    fc.record({
      do: fc.constantFrom("settle" as const, "fail" as const, "die" as const),
      plugin: fc.integer({ min: 0, max: 2 }),
      n: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ do: fc.constant("wait" as const), n: fc.integer({ min: 1, max: 7000 }) }),
    fc.record({ do: fc.constant("restart" as const), n: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      using world = await startedWorld(["a", "b", "c"]);
      for (const action of steps) {
        if (action.do === "come") await world.come(action.n);
        else if (action.do === "wait") await world.clock.advance(action.n);
        else if (action.do === "restart") await world.dieAndRestart();
        else {
          const process = world.plugins.of(world.ids[action.plugin]!);
          if (action.do === "die") process.die(1);
          else if (action.do === "fail") process.fail();
          else process.settle(Math.min(action.n, process.inHand.length));
        }
      }
      await world.settleAll();
      checkDelivery(world);
    }),
    { numRuns: 150 },
  );
});

/** The delivery rules, on all that was handed over in a history. */
function checkDelivery(world: World): void {
  const all = Array.from({ length: world.pipeline.newest }, (_, i) => i + 1);
  for (const id of world.ids) {
    const handed = world.plugins.handed.filter(({ plugin }) => plugin === id);
    const first = handed.filter(({ sequence }, i) =>
      handed.findIndex((other) => other.sequence === sequence) === i
    ).map(({ sequence }) => sequence);
    assertEquals(first, all, `first deliveries to ${id}`);
    for (const [i, { sequence, attempt }] of handed.entries()) {
      const before = handed.slice(0, i).filter((other) => other.sequence === sequence);
      const most = Math.max(0, ...before.map((other) => other.attempt));
      if (attempt <= most) throw new RangeError(`${id}: event ${sequence} came again unsaid`);
    }
  }
}
