/** The store stays bounded, and every event that goes is told of, exactly. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import type { HostLog } from "../internal/host_log.ts";
import { DeadLetterBook } from "../store/dead_letter_book.ts";
import { startedWorld, type World } from "./_fake_world.ts";
import { type PruneLimits, Pruner } from "./pruner.ts";

/** An event of the fakes has 64 bytes. */
const EVENT_BYTES = 64;
const LIMITS: PruneLimits = {
  retentionDays: 7,
  storeBytesMax: 10 * EVENT_BYTES,
  waitingBytesMax: 50 * EVENT_BYTES,
};

interface Said {
  readonly level: string;
  readonly message: string;
}

function prunerOf(world: World, limits = LIMITS): { pruner: Pruner; said: Said[] } {
  const said: Said[] = [];
  const to = (level: string) => (message: string) => void said.push({ level, message });
  const log: HostLog = {
    debug: to("debug"),
    info: to("info"),
    warn: to("warn"),
    error: to("error"),
  };
  const { store, pipeline } = world;
  return { pruner: new Pruner({ store, pipeline, log, limits }), said };
}

async function comeInTens(world: World, tens: number): Promise<void> {
  for (let i = 0; i < tens; i++) await world.come(10);
}

function droppedRuns(world: World): [string, number, number][] {
  using book = DeadLetterBook.open(world.folder, "read");
  return book.dropped().map(({ plugin, first, last }) => [plugin, first, last]);
}

/** Everybody but the plugin that is held settles what there is. */
async function settle(world: World, plugin: string): Promise<void> {
  while (world.plugins.of(plugin).inHand.length > 0) {
    world.plugins.of(plugin).settle();
    await world.clock.advance(0);
  }
}

Deno.test("prune() drops the oldest that a held plugin waits for, and only that plugin loses", async () => {
  using world = await startedWorld(["hold", "b"]);
  await comeInTens(world, 10);
  world.plugins.of("hold").fail();
  await settle(world, "b");
  assertEquals(world.handedTo("b").length, 100);
  const { pruner, said } = prunerOf(world);
  assertEquals(pruner.prune(), false);
  assertEquals(droppedRuns(world), [["hold", 1, 50]]);
  assertEquals(world.store.firstSequence, 51);
  assertEquals(said.map(({ level }) => level), ["error"]);
  const [{ message }] = said as [Said];
  assertStringIncludes(message, "50 events were dropped from the store although plugins wait");
  assertStringIncludes(message, "it is over waitingBytesMax (3200 bytes)");
  assertStringIncludes(message, "what waits: hold (held, 100 events)");
  assertStringIncludes(message, "or raise --waiting-bytes-max");
  assert(world.said.some((line) => line.startsWith("50 events (1 to 50) were dropped by")));
  await world.settleAll();
  const again = world.handedTo("hold").slice(10);
  assertEquals(again, Array.from({ length: 50 }, (_, i) => 51 + i), "it goes on in order");
});

Deno.test("prune() lets a plugin settle what it has in hand, and counts from behind it", async () => {
  using world = await startedWorld(["a"]);
  await comeInTens(world, 10);
  assertEquals(world.plugins.of("a").inHand.length, 10, "a frame of 8 and one of 2");
  prunerOf(world).pruner.prune();
  assertEquals(droppedRuns(world), []);
  world.plugins.of("a").settle(8);
  assertEquals(droppedRuns(world), [], "8 are still in hand");
  world.plugins.of("a").settle();
  assert(world.plugins.of("a").isAlive);
  assertEquals(world.plugins.of("a").inHand[0]?.sequence, 51);
  assertEquals(droppedRuns(world), [["a", 11, 50]]);
});

Deno.test("prune() joins what a plugin loses bit by bit into one record", async () => {
  using world = await startedWorld(["hold"]);
  const { pruner } = prunerOf(world);
  await world.come(1);
  world.plugins.of("hold").fail();
  for (let i = 0; i < 5; i++) {
    await comeInTens(world, 4);
    pruner.prune();
  }
  assertEquals(droppedRuns(world), [["hold", 1, 151]]);
});

Deno.test("prune() says how many dead letters go with settled events", async () => {
  using world = await startedWorld(["a"]);
  for (let i = 0; i < 3; i++) {
    await world.come(10);
    world.plugins.of("a").fail();
    await settle(world, "a");
  }
  const { pruner, said } = prunerOf(world);
  pruner.prune();
  assertEquals(said, [{
    level: "info",
    message: "20 settled events with 2 dead letters were dropped from the store (retention)",
  }]);
  assertEquals(droppedRuns(world), [], "nobody waited for them");
});

Deno.test("prune() warns in time, each level once, and of nothing when only settled ones are there", async () => {
  using world = await startedWorld(["hold"]);
  await world.come(1);
  world.plugins.of("hold").fail();
  const MIB = 1024 * 1024;
  let usedBytes = 0;
  const said: string[] = [];
  const warn = (message: string) => void said.push(message.split(" of waitingBytesMax")[0]!);
  const none = () => {};
  const pruner = new Pruner({
    store: {
      get usedBytes() {
        return usedBytes;
      },
      prune: () => ({ events: 0, deadLetters: 0, hasMore: false }),
    },
    pipeline: world.pipeline,
    log: { debug: none, info: none, error: none, warn },
    limits: { retentionDays: 7, storeBytesMax: 60 * MIB, waitingBytesMax: 100 * MIB },
  });
  for (const percent of [10, 55, 62, 63, 76, 77, 91, 99, 10, 80]) {
    usedBytes = percent * MIB;
    pruner.prune();
  }
  assertEquals(said, [62, 76, 91, 80].map((percent) => `The store is at ${percent} %`));
});

Deno.test("prune() goes on soon when it could not drop all at once", async () => {
  using world = await startedWorld(["a"]);
  const { log } = { log: { debug() {}, info() {}, warn() {}, error() {} } };
  for (const [settled, waiting] of [[true, false], [false, true], [false, false]] as const) {
    let calls = 0;
    const store = {
      usedBytes: 0,
      prune: () => ({ events: 1, deadLetters: 0, hasMore: calls++ === 0 ? settled : waiting }),
    };
    const pruner = new Pruner({ store, pipeline: world.pipeline, log, limits: LIMITS });
    assertEquals(pruner.prune(), settled || waiting);
  }
});

const step = fc.oneof(
  fc.record({ do: fc.constant("come" as const), n: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    do: fc.constantFrom("settle" as const, "fail" as const, "die" as const),
    n: fc.nat(1),
  }),
  fc.record({ do: fc.constantFrom("prune" as const, "drop" as const), n: fc.constant(0) }),
  fc.record({ do: fc.constant("wait" as const), n: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ do: fc.constant("restart" as const), n: fc.constant(0) }),
);

Deno.test("prune() leaves no event that is neither handed over nor counted, in any history", async () => {
  let dropped = 0;
  const steps = fc.array(step, { minLength: 10, maxLength: 60, size: "max" });
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      using world = await startedWorld(["hold", "b"], { deathsPerWindowMax: 1000 });
      for (const { do: what, n } of history) {
        const process = world.plugins.of(world.ids[n % 2]!);
        if (what === "come") await world.come(n);
        else if (what === "wait") await world.clock.advance(n);
        else if (what === "prune") prunerOf(world).pruner.prune();
        else if (what === "restart") await world.dieAndRestart();
        else if (what === "die") process.die(1);
        else if (what === "fail") process.fail();
        else if (what === "drop") {
          // The host dies before it has counted what is gone.
          const bytesMax = LIMITS.waitingBytesMax;
          world.store.prune(world.pipeline.newest, { ageMsMax: Infinity, bytesMax });
          await world.dieAndRestart();
        } else if (process.inHand.length > 0) process.settle(1 + n);
      }
      await world.clock.advance(600_000);
      await world.settleAll();
      const runs = droppedRuns(world);
      for (const id of world.ids) {
        const seen = new Set(world.handedTo(id));
        for (const [plugin, first, last] of runs) {
          if (plugin !== id) continue;
          dropped += last - first + 1;
          for (let sequence = first; sequence <= last; sequence++) seen.add(sequence);
        }
        assertEquals(seen.size, world.pipeline.newest, `${id}: ${JSON.stringify(runs)}`);
      }
    }),
    { numRuns: 60 },
  );
  assert(dropped > 0, "something was dropped at all");
});
