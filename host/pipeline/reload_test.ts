/** The list of plugins changes while events come: what the delivery rules promise holds all the time. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Handed } from "./_fake_plugins.ts";
import { StoreError } from "../internal/errors.ts";
import { PAST_ORDERS_MAX } from "./call_order.ts";
import { entryOf, startedWorld, type World } from "./_fake_world.ts";

const entries = (ids: string) => [...ids].map((id) => entryOf(id));
const changed = (id: string) => entryOf(id, { isChanged: true });

Deno.test("Pipeline.reload() takes a new order for what nobody has been handed yet", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(2);
  world.reload(entries("ba"));
  await world.come(1);
  assertEquals([world.handedTo("a"), world.handedTo("b")], [[1, 2], []]);
  world.plugins.of("a").settle(1);
  assertEquals(world.handedTo("b"), [1], "the events in hand keep their order");
  world.plugins.of("a").settle();
  assertEquals([world.handedTo("a"), world.handedTo("b")], [[1, 2], [1, 2, 3]]);
  world.plugins.of("b").settle();
  assertEquals(world.handedTo("a"), [1, 2, 3]);
});

Deno.test("Pipeline.reload() starts a new plugin with the next event, at its place", async () => {
  using world = await startedWorld(["a", "c"]);
  await world.come(3);
  world.reload(entries("abc"));
  await world.clock.advance(0);
  await world.come(2);
  world.plugins.of("a").settle();
  assertEquals(world.handedTo("b"), [4, 5], "what came before it is not for it");
  assertEquals(world.handedTo("c"), [1, 2, 3], "what came after it waits for it");
  world.plugins.of("c").settle();
  world.plugins.of("b").settle();
  assertEquals(world.handedTo("c"), [1, 2, 3, 4, 5]);
});

Deno.test("Pipeline.reload() keeps a plugin behind a new one waiting for those before both", async () => {
  using world = await startedWorld(["a", "c"]);
  await world.come(8);
  world.plugins.of("a").settle(2);
  world.reload(entries("axc"));
  await world.clock.advance(0);
  world.plugins.of("c").settle();
  assertEquals(world.handedTo("c"), [1, 2], "x is at event 8, a is not");
});

Deno.test("Pipeline.reload() lets a plugin that is removed finish the event in hand", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(3);
  const a = world.plugins.of("a");
  world.reload(entries("b"));
  await world.clock.advance(0);
  assertEquals(world.handedTo("b"), [], "event 1 is in hand");
  a.settle();
  await world.clock.advance(0);
  assertEquals(a.isAlive, false);
  assertEquals(world.handedTo("b"), [1, 2, 3], "nobody waits for it any more");
  assertEquals(world.store.cursor("a"), { settled: 1, runs: [] });
});

Deno.test("Pipeline.reload() starts a plugin again whose entry changed, behind the event in hand", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(3);
  const [a, b] = [world.plugins.of("a"), world.plugins.of("b")];
  world.reload([changed("a"), entryOf("b")]);
  await world.clock.advance(0);
  assertEquals(world.plugins.of("a"), a, "not before the event in hand is settled");
  a.settle();
  await world.clock.advance(0);
  assertEquals([a.isAlive, world.plugins.of("a").entry], [false, changed("a")]);
  assertEquals(world.plugins.of("b"), b, "the neighbour runs on");
  await world.settleAll();
  const handed = world.plugins.handed.filter((one) => !world.plugins.neverBegun.has(one));
  assertEquals(
    handed.filter(({ plugin }) => plugin === "a").map(({ sequence, attempt }) => [
      sequence,
      attempt,
    ]),
    [[1, 1], [2, 1], [3, 1]],
  );
  assertEquals(world.pipeline.report().map(({ done }) => done), [3, 3], "the count goes on");
});

Deno.test("Pipeline.reload() keeps what the old process did last: a dead letter, and how far it was", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(3);
  world.plugins.of("a").settle(1);
  world.breakStore(true);
  world.reload([changed("a"), entryOf("b")]);
  world.plugins.of("a").fail();
  await world.clock.advance(0);
  world.breakStore(false);
  await world.clock.advance(1000);
  assertEquals(world.store.failures("a").map(({ sequence }) => sequence), [2]);
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 3, attempt: 1 }]);
});

Deno.test("Pipeline.reload() kills a plugin at the time limit of the event in hand, not later", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(1);
  await world.clock.advance(3000);
  const a = world.plugins.of("a");
  world.reload([changed("a"), entryOf("b")]);
  await world.clock.advance(1999);
  assertEquals(a.isAlive, true);
  await world.clock.advance(1);
  assertEquals(a.isAlive, false);
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 1, attempt: 2 }]);
  assertEquals(world.handedTo("b"), []);
});

Deno.test("Pipeline.reload() lets a plugin end that has nothing in hand, for stopLimitMs", async () => {
  using world = await startedWorld(["a"]);
  const a = world.plugins.of("a");
  a.send = () => {};
  world.reload([]);
  await world.clock.advance(999);
  assertEquals(a.kills, 0);
  await world.clock.advance(1);
  assertEquals(a.kills, 1);
});

Deno.test("Pipeline.reload() goes on where a plugin was that comes back, and nobody waits for it", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(1);
  await world.settleAll();
  world.reload(entries("b"));
  await world.clock.advance(0);
  await world.come(3);
  world.plugins.of("b").settle();
  world.reload(entries("ab"));
  await world.clock.advance(0);
  assertEquals(world.plugins.of("a").inHand.map(({ sequence }) => sequence), [2, 3, 4]);
  await world.come(1);
  assertEquals(world.plugins.of("b").inHand.map(({ sequence }) => sequence), [5]);
  await world.settleAll();
  await world.come(1);
  assertEquals(world.plugins.of("b").inHand, [], "it has caught up, and is waited for");
});

Deno.test("Pipeline.reload() takes a plugin back that is just ending", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(2);
  const a = world.plugins.of("a");
  world.reload(entries("b"));
  world.reload([changed("a"), entryOf("b")]);
  world.reload([entryOf("b"), changed("a")]);
  a.settle();
  await world.clock.advance(0);
  assertEquals(world.plugins.of("a").entry, changed("a"));
  await world.settleAll();
  assertEquals(world.plugins.twice, []);
  assertEquals(new Set(world.handedTo("a")), new Set([1, 2]));
});

Deno.test("Pipeline.reload() releases a held plugin whose entry is mended", async () => {
  using world = await startedWorld(["hold", "b"]);
  await world.come(2);
  world.plugins.of("hold").fail();
  assertEquals(world.pipeline.report()[0]?.state, "held");
  world.reload([changed("hold"), entryOf("b")]);
  await world.clock.advance(0);
  assertEquals(world.plugins.of("hold").inHand[0], { plugin: "hold", sequence: 1, attempt: 2 });
});

Deno.test("Pipeline.look() starts a running plugin again whose files changed, only when watching", async () => {
  using world = await startedWorld(["a", "b"]);
  world.plugins.finishesInHand = true;
  await world.come(2);
  const [a, b] = [world.plugins.of("a"), world.plugins.of("b")];
  a.changedMs = b.changedMs = 5;
  const look = (changedMs: number, isWatching: boolean) =>
    world.pipeline.look(
      ([file]) => Promise.resolve(file === "/a.ts" ? changedMs : 5),
      isWatching,
    );
  for (let i = 0; i < 3; i++) await look(6, false);
  for (const changedMs of [5, 7, 8]) await look(changedMs, true);
  assertEquals(a.isStopping, false, "it is still being written");
  for (let i = 0; i < 3; i++) await look(8, true);
  assertEquals([a.isStopping, b.isStopping], [true, false]);
  a.settle();
  await world.clock.advance(0);
  assertEquals(world.plugins.of("a").inHand, [{ plugin: "a", sequence: 2, attempt: 1 }]);
  world.plugins.of("a").changedMs = 8;
  for (let i = 0; i < 3; i++) await look(8, true);
  assertEquals(world.plugins.of("a").isStopping, false, "once for each change");
});

Deno.test("Pipeline.reload() takes up all plugins and none", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(1);
  await world.settleAll();
  world.reload([]);
  await world.clock.advance(0);
  await world.come(1);
  assertEquals([world.pipeline.settledByAll, world.pipeline.report()], [2, []]);
  world.reload(entries("c"));
  await world.clock.advance(0);
  await world.come(1);
  assertEquals(world.handedTo("c"), [3]);
});

Deno.test("Pipeline.reload() does nothing while too many changes are not through", async () => {
  using world = await startedWorld(["f", "a", "b"]);
  const next = (i: number) => entries(i % 2 === 0 ? "fba" : "fab");
  for (let i = 0; i < PAST_ORDERS_MAX; i++) {
    await world.come(1);
    world.plugins.of("f").settle();
    world.reload(next(i));
  }
  await world.come(1);
  assertEquals(world.pipeline.reload(next(PAST_ORDERS_MAX)), false);
  assertEquals(world.pipeline.reload(next(PAST_ORDERS_MAX)), false);
  await world.settleAll();
  await world.come(1);
  assertEquals(world.pipeline.reload(next(PAST_ORDERS_MAX)), true);
});

Deno.test("Pipeline.reload() does nothing while the store cannot be read", async () => {
  using world = await startedWorld(["a"]);
  const read = world.store.cursor;
  world.store.cursor = () => {
    throw new StoreError("Cannot read the store: on purpose, wanted it whole");
  };
  assertEquals(world.pipeline.reload(entries("ba")), false);
  assertEquals(world.pipeline.report().map(({ plugin }) => plugin), ["a"]);
  world.store.cursor = read;
  assertEquals(world.pipeline.reload(entries("ba")), true);
  assertEquals(world.pipeline.report().map(({ plugin }) => plugin), ["b", "a"]);
});

Deno.test("Pipeline keeps the old order of what is in hand when the host dies in a reload", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(2);
  world.plugins.of("a").settle(1);
  world.reload(entries("ba"));
  await world.dieAndRestart();
  assertEquals(world.plugins.of("b").inHand.map(({ sequence }) => sequence), [1]);
  assertEquals(world.plugins.of("a").inHand.map(({ sequence }) => sequence), [2]);
  await world.come(1);
  world.plugins.of("a").settle();
  assertEquals(world.plugins.of("a").inHand, [], "event 3 is b's first");
  world.plugins.of("b").settle();
  world.plugins.of("b").settle();
  assertEquals(world.plugins.of("a").inHand.map(({ sequence }) => sequence), [3]);
});

Deno.test("Pipeline takes a list that was edited while the host was down as it takes an edit", async () => {
  using world = await startedWorld(["a", "b"]);
  await world.come(2);
  world.plugins.of("a").settle(1);
  world.entries = entries("ba");
  await world.dieAndRestart();
  await world.come(1);
  assertEquals(world.plugins.of("b").inHand.map(({ sequence }) => sequence), [1]);
  assertEquals(world.plugins.of("a").inHand.map(({ sequence }) => sequence), [2]);
});

/** Those of `STAY` are in every list; the others come and go. */
const STAY = ["a", "b", "retry"];
const OTHERS = ["x", "y"];

type Step =
  | { readonly do: "come" | "wait"; readonly n: number }
  | { readonly do: "settle" | "fail" | "die"; readonly plugin: string; readonly n: number }
  | { readonly do: "edit" | "editWhileDown"; readonly order: readonly string[]; change: string[] }
  | { readonly do: "restart" | "break" | "mend" | "killLate" | "killAtOnce" };

const ids = fc.constantFrom(...STAY, ...OTHERS);
const order = fc.shuffledSubarray([...STAY, ...OTHERS], { minLength: 1 })
  .map((some) => [...new Set([...some, ...STAY])]);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("come"), n: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom("settle", "settle", "settle", "fail", "die"),
      plugin: ids,
      n: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("edit", "edit", "edit", "editWhileDown"),
      order,
      change: fc.subarray([...STAY, ...OTHERS]),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait"), n: fc.integer({ min: 1, max: 7000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("restart", "break", "mend", "killLate", "killAtOnce"),
    }),
  },
) as fc.Arbitrary<Step>;

/** Sees what is handed over, and in which order the plugins that stay had settled it. */
class Witness {
  readonly #world: World;
  /** The orders of the registry so far. */
  readonly #orders: (readonly string[])[];
  /** For each event, which of those that stay had not settled it when another one got it. */
  readonly #before = new Map<number, { readonly handed: Handed; readonly open: string[] }[]>();
  #version = 0;

  constructor(world: World) {
    this.#world = world;
    this.#orders = [world.ids];
    world.plugins.onHanded = (handed) => {
      const { plugin, sequence } = handed;
      // One that comes back catches up by itself.
      if (!STAY.includes(plugin)) return;
      const { newest } = world.pipeline;
      const open = world.pipeline.report()
        .filter((other) => other.plugin !== plugin && STAY.includes(other.plugin))
        .filter(({ waiting }) => newest - waiting < sequence).map((other) => other.plugin);
      this.#before.set(sequence, [...this.#before.get(sequence) ?? [], { handed, open }]);
    };
  }

  /** The entries of an edit. */
  edit(order: readonly string[], change: readonly string[]): ReturnType<typeof entryOf>[] {
    this.#orders.push(order);
    const before = new Map(this.#world.entries.map((entry) => [entry.id, entry]));
    const version = ++this.#version;
    return order.map((id) =>
      change.includes(id) ? entryOf(id, { version }) : before.get(id) ?? entryOf(id)
    );
  }

  /** Each event was delivered in one order of the registry, and no later event in an older one. */
  checkOrders(): void {
    let at = 0;
    for (let sequence = 1; sequence <= this.#world.came; sequence++) {
      const handings = (this.#before.get(sequence) ?? [])
        .filter(({ handed }) => !this.#world.plugins.neverBegun.has(handed))
        .map(({ handed, open }) => ({ got: handed.plugin, open }));
      const fits = (order: readonly string[]) =>
        handings.every(({ got, open }) =>
          open.every((other) => order.indexOf(other) > order.indexOf(got))
        );
      while (at < this.#orders.length && !fits(this.#orders[at]!)) at++;
      assert(
        at < this.#orders.length,
        `event ${sequence} was in no order: ${JSON.stringify(handings)} of ${
          JSON.stringify(this.#orders)
        }`,
      );
    }
  }
}

async function take(world: World, witness: Witness, action: Step): Promise<void> {
  const { plugins } = world;
  switch (action.do) {
    case "come":
      if (!world.isFull) void world.come(action.n);
      return await world.clock.advance(0);
    case "wait":
      return await world.clock.advance(action.n);
    case "break":
    case "mend":
      return world.breakStore(action.do === "break");
    case "killLate":
    case "killAtOnce":
      plugins.isKilledAtOnce = action.do === "killAtOnce";
      return noticeDeaths(world);
    case "edit":
      world.reload(witness.edit(action.order, action.change));
      return await world.clock.advance(0);
    case "editWhileDown":
    case "restart":
      if (action.do === "editWhileDown") {
        world.entries = witness.edit(action.order, action.change);
      }
      world.breakStore(false);
      return await world.dieAndRestart();
    default: {
      const process = plugins.running.get(action.plugin);
      if (action.do === "die") process?.die(1);
      else if (action.do === "fail") process?.fail();
      else process?.settle(Math.min(action.n, process.inHand.length));
    }
  }
}

/** Processes that were killed are gone at last. */
function noticeDeaths(world: World): void {
  for (const process of world.plugins.running.values()) if (process.kills > 0) process.die(137);
}

function checkDelivery(world: World): void {
  const { handed: all, neverBegun, twice } = world.plugins;
  assertEquals(twice, [], "one process of a plugin at a time");
  assertEquals(world.pipeline.newest, world.came, "every event was taken in once");
  for (const id of [...STAY, ...OTHERS]) {
    const attempts = new Map<number, number>();
    const first: number[] = [];
    for (const one of all) {
      if (one.plugin !== id || neverBegun.has(one)) continue;
      const before = attempts.get(one.sequence);
      if (before === undefined) first.push(one.sequence);
      else assert(one.attempt > before, `${id}: event ${one.sequence} came again unsaid`);
      attempts.set(one.sequence, one.attempt);
    }
    const begin = STAY.includes(id) ? 1 : first[0] ?? 1;
    const end = world.ids.includes(id) && (STAY.includes(id) || first.length > 0)
      ? world.came
      : first.at(-1) ?? 0;
    const wanted = Array.from({ length: Math.max(0, end - begin + 1) }, (_, i) => i + begin);
    assertEquals(first, wanted, `first deliveries to ${id}`);
  }
  for (const entry of world.entries) {
    assertEquals(world.plugins.of(entry.id).entry, entry, "the process is of the last entry");
    assertEquals(world.store.cursor(entry.id)?.settled, world.came, `the cursor of ${entry.id}`);
  }
}

for (const finishesInHand of [true, false]) {
  const how = finishesInHand ? "finish what is in hand" : "end at once";
  Deno.test(`Pipeline keeps the delivery rules through any history of edits, plugins ${how}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        using world = await startedWorld(STAY, { deathsPerWindowMax: 1000 });
        world.plugins.finishesInHand = finishesInHand;
        const witness = new Witness(world);
        for (const action of steps) await take(world, witness, action);
        world.plugins.isKilledAtOnce = true;
        noticeDeaths(world);
        world.breakStore(false);
        await world.clock.advance(2000);
        await world.settleAll();
        witness.checkOrders();
        checkDelivery(world);
        const stopped = world.pipeline.stop(1000);
        await world.clock.advance(1000);
        await stopped;
        assertEquals(world.clock.timers, 0, "a stopped pipeline has no timers");
      }),
      { numRuns: 150 },
    );
  });
}
