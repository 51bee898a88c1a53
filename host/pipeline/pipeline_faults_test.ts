/**
 * Histories of everything that can go wrong at once: plugins fail, hang, die and are killed late,
 * the store cannot be written for a while, the host stops or dies. At the end the delivery rules
 * must have held all the time.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { StoreError } from "../internal/errors.ts";
import { startedWorld, World } from "./_fake_world.ts";

type Step =
  | { readonly do: "come" | "wait"; readonly n: number }
  | { readonly do: "settle" | "fail" | "die"; readonly plugin: number; readonly n: number }
  | { readonly do: "killLate" | "killAtOnce" | "break" | "mend" | "stop" | "restart" };

const plugin = fc.integer({ min: 0, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("come"), n: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("settle", "settle", "fail", "die"),
      plugin,
      n: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait"), n: fc.integer({ min: 1, max: 7000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("killLate", "killAtOnce", "break", "mend", "stop", "restart"),
    }),
  },
) as fc.Arbitrary<Step>;

async function take(world: World, action: Step): Promise<void> {
  switch (action.do) {
    case "come":
      if (!world.isFull) void world.come(action.n);
      return await world.clock.advance(0);
    case "wait":
      return await world.clock.advance(action.n);
    case "killLate":
    case "killAtOnce":
      world.plugins.isKilledAtOnce = action.do === "killAtOnce";
      return noticeDeaths(world);
    case "break":
    case "mend":
      return world.breakStore(action.do === "break");
    case "stop": {
      const stopped = world.pipeline.stop(1000);
      await world.clock.advance(1000);
      noticeDeaths(world);
      await stopped;
      assertEquals(world.clock.timers, 0, "a stopped pipeline has no timers");
      return await restart(world);
    }
    case "restart":
      return await restart(world);
    default: {
      const process = world.plugins.of(world.ids[action.plugin % world.ids.length]!);
      if (action.do === "die") process.die(1);
      else if (action.do === "fail") process.fail();
      else process.settle(Math.min(action.n, process.inHand.length));
    }
  }
}

async function restart(world: World): Promise<void> {
  world.breakStore(false);
  await world.dieAndRestart();
}

/** Processes that were killed are gone at last. */
function noticeDeaths(world: World): void {
  for (const process of world.plugins.running.values()) if (process.kills > 0) process.die(137);
}

/** Looks at each event that is handed over: the plugins before must have settled it. */
function watchOrder(world: World): string[] {
  const wrong: string[] = [];
  world.plugins.onHanded = ({ plugin, sequence }) => {
    const { newest } = world.pipeline;
    for (const { plugin: before, waiting } of world.pipeline.report()) {
      if (before === plugin) break;
      if (newest - waiting < sequence) {
        wrong.push(`${plugin} was handed event ${sequence}, ${before} is at ${newest - waiting}`);
      }
    }
  };
  return wrong;
}

function checkDelivery(world: World): void {
  assertEquals(world.pipeline.newest, world.came, "every event was taken in once");
  const wanted = Array.from({ length: world.came }, (_, i) => i + 1);
  for (const id of world.ids) {
    const { handed: all, neverBegun } = world.plugins;
    const handed = all.filter((one) => one.plugin === id && !neverBegun.has(one));
    const attempts = new Map<number, number>();
    const first: number[] = [];
    for (const { sequence, attempt } of handed) {
      const before = attempts.get(sequence);
      if (before === undefined) first.push(sequence);
      else assert(attempt > before, `${id}: event ${sequence} came again unsaid`);
      attempts.set(sequence, attempt);
    }
    assertEquals(first, wanted, `first deliveries to ${id}`);
    assertEquals(world.store.cursor(id)?.settled, world.came, `the saved cursor of ${id}`);
    const settled = new Set(world.store.failures(id).map(({ sequence }) => sequence));
    for (const one of world.plugins.settled) {
      if (one.plugin !== id) continue;
      for (let sequence = one.sequence; sequence > 0 && !settled.has(sequence); sequence--) {
        settled.add(sequence);
      }
    }
    assertEquals(settled.size, world.came, `${id} has settled or failed on each event`);
  }
}

/** What the plugins are called after is what they do on a failure. */
const LINE_UPS = [["a", "b", "c"], ["retry", "b", "retry-2"], ["a", "hold", "retry"], [
  "hold",
  "hold-2",
]];

for (const ids of LINE_UPS) {
  Deno.test(`Pipeline keeps the delivery rules through any history of faults with ${ids}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        // Without parking, nobody is ever allowed to go ahead of a plugin before it.
        using world = await startedWorld(ids, { deathsPerWindowMax: 1000 });
        const wrong = watchOrder(world);
        for (const action of steps) await take(world, action);
        world.plugins.isKilledAtOnce = true;
        noticeDeaths(world);
        world.breakStore(false);
        await world.clock.advance(2000);
        await world.settleAll();
        // What is held lets the plugins behind it go on, and only that does.
        if (!ids.some((id) => id.startsWith("hold"))) assertEquals(wrong, []);
        checkDelivery(world);
        await world.pipeline.stop(1000);
        assertEquals(world.clock.timers, 0);
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("Pipeline tells of a damaged store once and delivers nothing more", async () => {
  const told: StoreError[] = [];
  using world = new World(["a"], {}, (error) => told.push(error));
  world.pipeline.start();
  await world.clock.advance(0);
  await world.come(1);
  world.store.transaction = () => {
    const cause = Object.assign(new RangeError("malformed"), { errcode: 11 });
    throw new StoreError("Cannot write the store: malformed, wanted it whole", { cause });
  };
  void world.come(1);
  await world.clock.advance(5000);
  assertEquals([told.length, world.handedTo("a")], [1, [1]]);
});
