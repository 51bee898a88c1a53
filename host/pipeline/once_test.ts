/** What plugins have done once, through any history of deaths, on a whole pipeline. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { startedWorld, type World } from "./_fake_world.ts";

const knownTo = (
  world: World,
  plugin: string,
  sequence: number,
): unknown => [...world.plugins.of(plugin).known.get(sequence) ?? []];

Deno.test("Lane tells a plugin that what it did once is stored, and then stores it no more", async () => {
  using world = await startedWorld(["a"]);
  await world.come(1);
  const process = world.plugins.of("a");
  world.breakStore(true);
  process.keep("charge", { value: 7 });
  assertEquals(process.kept, [], "not while the store cannot be written");
  world.breakStore(false);
  await world.clock.advance(1000);
  assertEquals(process.kept, [{ sequence: 1, key: "charge" }]);
  process.settle();
  assertEquals(process.kept.length, 1);
  assertEquals(world.store.keptWithin("a", 1, 9).map(({ key, outcome }) => [key, outcome]), [
    ["charge", '{"value":7}'],
  ]);
});

Deno.test("Lane sends what is known with the event that comes again, and with no other", async () => {
  using world = await startedWorld(["a", "retry"]);
  await world.come(3);
  world.plugins.of("a").settle();
  world.plugins.of("retry").settle(1);
  world.plugins.of("retry").keep("charge", { value: { receipt: 1 } });
  world.plugins.of("retry").keep("mail");
  world.plugins.of("retry").fail();
  assertEquals(world.plugins.of("a").known.size, 0);
  assertEquals(world.plugins.of("retry").known.size, 0);
  await world.clock.advance(1000);
  assertEquals(knownTo(world, "retry", 2), [["charge", { value: { receipt: 1 } }], ["mail", {}]]);
  assertEquals([...world.plugins.of("retry").known.keys()], [2]);
  await world.settleAll();
});

Deno.test("Lane ends a frame of what comes again at the first event with something known", async () => {
  using world = await startedWorld(["a"]);
  await world.come(6);
  const process = world.plugins.of("a");
  for (const sequence of [2, 5]) process.keep("k", {}, sequence);
  await world.dieAndRestart();
  const again = (): number[] => world.plugins.of("a").inHand.map(({ sequence }) => sequence);
  assertEquals(again(), [1, 2, 3, 4, 5], "two frames: 1 and 2, then 3 to 5");
  assertEquals([...world.plugins.of("a").known.keys()], [2, 5]);
  world.plugins.of("a").settle(2);
  assertEquals(again(), [3, 4, 5, 6]);
});

Deno.test("Lane knows what was done once when a dead letter is handed over once more", async () => {
  using world = await startedWorld(["a"]);
  await world.come(2);
  world.plugins.of("a").keep("charge");
  world.plugins.of("a").fail();
  world.plugins.of("a").settle();
  world.store.transaction(() => world.store.addRequest("redrive", "a", 1));
  await world.pipeline.look(() => Promise.resolve(0));
  assertEquals(knownTo(world, "a", 1), [["charge", {}]]);
  world.plugins.of("a").keep("mail", {}, 1);
  world.plugins.of("a").settle();
  assertEquals(world.store.keptWithin("a", 1, 1).map(({ key }) => key), ["charge", "mail"]);
});

Deno.test("Lane knows what was done once although the store could not be written", async () => {
  using world = await startedWorld(["a"]);
  await world.come(2);
  world.breakStore(true);
  world.plugins.of("a").keep("charge", { value: 1 });
  world.plugins.of("a").die(1);
  await world.clock.advance(500);
  world.breakStore(false);
  await world.clock.advance(1000);
  assertEquals(knownTo(world, "a", 1), [["charge", { value: 1 }]]);
});

Deno.test("Lane kills a plugin that has too much remembered, and names the limit", async () => {
  const liars: [(world: World) => void, string][] = [
    [(world) => {
      for (let i = 0; i < 5; i++) world.plugins.of("a").keep(`k${i}`);
    }, "more than 4 keys to remember of one event (onceKeysMax)"],
    [
      (world) => world.plugins.of("a").keep("k", { value: "x".repeat(2047) }),
      "a value of 2049 bytes to remember, at most 2048 (onceValueBytesMax)",
    ],
    [
      (world) => world.plugins.of("a").keep("k", {}, 4),
      "something done once in event 4, expected one of 1 to 3",
    ],
  ];
  for (const [lie, words] of liars) {
    using world = await startedWorld(["a"]);
    await world.come(3);
    lie(world);
    assertEquals(world.plugins.of("a").isAlive, false, words);
    assertStringIncludes(world.said.join("\n"), words);
  }
});

Deno.test("Lane counts the keys of earlier attempts too", async () => {
  using world = await startedWorld(["retry"]);
  await world.come(1);
  for (const key of ["a", "b", "c"]) world.plugins.of("retry").keep(key);
  world.plugins.of("retry").fail();
  await world.clock.advance(1000);
  world.plugins.of("retry").keep("d");
  assert(world.plugins.of("retry").isAlive);
  world.plugins.of("retry").keep("e");
  assertEquals(world.plugins.of("retry").isAlive, false);
});

const KEYS = ["charge", "mail"];

/**
 * Does for real what the oldest event in hand asks for, as the runner's `once` does. What the host
 * was told must not be done again as long as it lives; what it has said to be stored, never.
 */
class Effects {
  readonly #world: World;
  readonly #done = new Map<string, "told" | "kept">();
  /** How often something was not done because the process knew of it. */
  spared = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Tells nobody when `isTold` is false: the process dies between the deed and the word. */
  once(plugin: string, key: string, isTold: boolean): void {
    const process = this.#world.plugins.of(plugin);
    const event = process.inHand[0];
    if (event === undefined || !process.isAlive) return;
    const { sequence, attempt } = event;
    const id = `${plugin} ${sequence} ${key}`;
    const isKnown = process.known.get(sequence)?.has(key) === true;
    // A process that waits for the word that it is stored does not begin it anew either.
    const isOfThisLife = process.told.some((one) => one.sequence === sequence && one.key === key);
    if (this.#done.has(id)) {
      assert(isKnown || isOfThisLife, `${id} would be done again in attempt ${attempt}`);
      if (isKnown) this.spared++;
      return;
    }
    assert(!isKnown, `${id} is known, although the host was not told of it`);
    if (!isTold) return process.die(1);
    this.#done.set(id, "told");
    process.keep(key, { value: sequence });
  }

  /** The host dies: of what it was told, it keeps for sure what it has said to be stored. */
  hostDies(): void {
    for (const { plugin, kept } of this.#world.plugins.all) {
      for (const { sequence, key } of kept) this.#done.set(`${plugin} ${sequence} ${key}`, "kept");
    }
    for (const [id, state] of this.#done) if (state === "told") this.#done.delete(id);
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant("come" as const), n: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    do: fc.constantFrom("once" as const, "once" as const, "half" as const),
    n: fc.nat(1),
    key: fc.constantFrom(...KEYS),
  }),
  fc.record({
    do: fc.constantFrom("settle" as const, "fail" as const, "die" as const),
    n: fc.nat(1),
  }),
  fc.record({ do: fc.constantFrom("break" as const, "mend" as const), n: fc.constant(0) }),
  fc.record({ do: fc.constant("wait" as const), n: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ do: fc.constant("restart" as const), n: fc.constant(0) }),
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function take(world: World, effects: Effects, { do: what, ...rest }: Step): Promise<void> {
  const plugin = world.ids[rest.n % 2]!;
  const process = world.plugins.of(plugin);
  if (what === "come") {
    if (!world.isFull) void world.come(rest.n);
  } else if (what === "wait") await world.clock.advance(rest.n);
  else if (what === "break" || what === "mend") world.breakStore(what === "break");
  else if (what === "restart") {
    effects.hostDies();
    world.breakStore(false);
    await world.dieAndRestart();
  } else if (what === "once" || what === "half") {
    effects.once(plugin, "key" in rest ? rest.key : "", what === "once");
  } else if (what === "die") process.die(1);
  else if (what === "fail") process.fail();
  else if (process.inHand.length > 0) process.settle(1);
  await world.clock.advance(0);
}

Deno.test("Pipeline lets nothing be done again that the host was told of, in any history", async () => {
  let spared = 0;
  const steps = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      using world = await startedWorld(["a", "retry"], { deathsPerWindowMax: 1000 });
      const effects = new Effects(world);
      await world.come(3);
      for (const one of history) await take(world, effects, one);
      world.breakStore(false);
      await world.clock.advance(2000);
      await world.settleAll();
      await world.pipeline.stop(1000);
      spared += effects.spared;
    }),
    { numRuns: 60 },
  );
  assert(spared > 20, `only ${spared} things were asked for again`);
});
