/** The store's file is damaged under a real host: set aside, rebuilt, and the loss told exactly. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { TestWorld } from "../support/test_world.ts";

const EVENTS = 150;

/** A plugin that keeps up and one that is far behind it. */
async function worldOfTwo(): Promise<TestWorld> {
  const world = await TestWorld.make([]);
  await world.writeRegistry([world.recorder("fast"), world.recorder("late", { delayMs: 50 })]);
  return world;
}

/** Everything that a plugin got, in order, no event without saying so twice. */
function sequencesOf(world: TestWorld, plugin: string): number[] {
  return [...new Set(world.recorded(plugin).map(({ event }) => event.sequence))];
}

const DAMAGES: Readonly<Record<string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array>> = {
  "zeros": (bytes) => bytes.fill(0),
  "random bytes": (bytes) => {
    for (let at = 0; at < bytes.length; at += 65_536) {
      crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, bytes.length)));
    }
    return bytes;
  },
  "nothing": () => new Uint8Array(),
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  Deno.test(`a store of ${what} is set aside, the journal goes on, the loss is told exactly`, async () => {
    await using world = await worldOfTwo();
    const first = await world.startHost();
    await world.play({ count: EVENTS, seed: 1, hangupsOnly: true });
    const all = EVENTS + 2;
    await first.until(() => world.distinct("fast") === all, "the first plugin has all events");
    // How far plugins are is kept once a second.
    const reached = world.distinct("late") + 40;
    await first.until(() => world.distinct("late") > reached, "the second plugin goes on");
    await first.kill();
    const path = join(world.folder, "onhook.sqlite");
    await Deno.writeFile(path, damage(await Deno.readFile(path)));
    for (const name of ["-wal", "-shm"]) await Deno.remove(path + name);
    await world.play({ count: 10, seed: 2, hangupsOnly: true });
    await using second = await world.startHost();
    const { message } = await second.untilLog(
      ({ message }) => message.includes("The store is damaged"),
      "the damage is told",
    );
    const [, lost, from, to] = /late loses (\d+) events, (\d+) to (\d+)/.exec(message)!.map(Number);
    assertEquals([to, to! - from! + 1], [all, lost]);
    assertMatch(message, /fast loses nothing/);
    assert(from! > 10 && lost! > 0, message);
    // The gap, then what was in the journal.
    const newest = all + 1 + 12;
    for (const id of ["fast", "late"]) {
      await second.until(() =>
        world.distinct(id) >= sequencesOf(world, id).length &&
        sequencesOf(world, id).at(-1)! >= newest, `${id} has what came afterwards`);
    }
    const got = sequencesOf(world, "late");
    const gap = world.recorded("late").find(({ event }) => event.type === "gap")!.event;
    assertEquals(got, got.toSorted((a, b) => a - b), "in order");
    assert(gap.type === "gap");
    assertEquals([gap.sequence, gap.gap.lost, gap.gap.reasons], [all + 1, lost!, ["damaged"]]);
    for (let sequence = 1; sequence < from!; sequence++) {
      assert(got.includes(sequence), `event ${sequence} is not among the lost ones`);
    }
    const aside = [...Deno.readDirSync(world.folder)].filter(({ name }) =>
      name.startsWith("damaged-")
    );
    assertEquals(aside.length, 1);
  });
}
