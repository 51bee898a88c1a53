/** One test for each delivery rule, with the real library, real processes and a real store. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ProcessStatistics } from "../../host/ffi/process_statistics.ts";
import { DeadLetterBook } from "../../host/store/dead_letter_book.ts";
import { ReadStore } from "../../host/store/read_store.ts";
import type { HostProcess } from "../support/host_process.ts";
import { isRunning } from "../support/is_running.ts";
import { killProcess } from "../support/kill_process.ts";
import { readShared } from "../support/read_shared.ts";
import { done } from "../support/run_task.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const HANGUPS = 20;
const ALL = HANGUPS + 2;
const FAIL_AT = 6;
const HANG_AT = 9;
const IN_ORDER = Array.from({ length: ALL }, (_, i) => i + 1);

/** What a witness wrote. */
interface Note {
  readonly plugin: string;
  readonly what: "begin" | "end";
  readonly sequence: number;
  readonly attempt: number;
  readonly pid: number;
}

function witness(
  id: string,
  config: Record<string, unknown> = {},
  more: Partial<TestPlugin> = {},
): TestPlugin {
  return {
    id,
    file: "witness",
    permissions: { read: ["./mended"], write: ["./notes.jsonl"] },
    config: { file: "./notes.jsonl", ...config },
    ...more,
  };
}

async function worldOf(plugins: readonly TestPlugin[]): Promise<TestWorld> {
  const world = await TestWorld.make(plugins);
  await Deno.writeTextFile(join(world.folder, "notes.jsonl"), "");
  return world;
}

function notes(world: TestWorld, plugin?: string): Note[] {
  const lines = readShared(join(world.folder, "notes.jsonl")).split("\n").slice(0, -1);
  const all = lines.map((line): Note => JSON.parse(line));
  return plugin === undefined ? all : all.filter((note) => note.plugin === plugin);
}

function ended(world: TestWorld, plugin: string): number[] {
  return notes(world, plugin).filter(({ what }) => what === "end").map(({ sequence }) => sequence);
}

const untilAll = (host: HostProcess, world: TestWorld, plugin: string): Promise<void> =>
  host.until(() => new Set(ended(world, plugin)).size === ALL, `${plugin} has ended all`);

interface Day {
  readonly notes: readonly Note[];
  /** Processes that were there while the host was, at the end of the day. */
  readonly alive: readonly number[];
}

let trace: Promise<Day> | undefined;

/** One day of three plugins, the second of which fails on one event and never ends another. */
function dayOfThree(): Promise<Day> {
  return trace ??= (async () => {
    await using world = await worldOf([
      witness("first", { delayMs: 10 }),
      witness("second", { delayMs: 5, failAt: FAIL_AT, hangAt: HANG_AT }, { timeoutMs: 3000 }),
      witness("third", { delayMs: 10 }),
    ]);
    await using host = await world.startHost(["--backoff-first-ms=20"]);
    await world.play({ count: HANGUPS, seed: 12 });
    await untilAll(host, world, "third");
    const all = notes(world);
    const pids = [...new Set(all.map(({ pid }) => pid))];
    const running = await Promise.all(pids.map((pid) => isRunning(pid)));
    return { notes: all, alive: pids.filter((_, i) => running[i]) };
  })();
}

Deno.test("delivery rule 1: a plugin gets an event after the plugin before it has settled it", async () => {
  const day = (await dayOfThree()).notes;
  for (const sequence of IN_ORDER) {
    const at = (plugin: string, what: string): number =>
      day.findLastIndex((n) => n.plugin === plugin && n.what === what && n.sequence === sequence);
    assert(at("first", "end") < at("second", "begin"), `event ${sequence}: second after first`);
    const isSettledOtherwise = [FAIL_AT, HANG_AT].includes(sequence);
    const settled = at("second", isSettledOtherwise ? "begin" : "end");
    assert(settled >= 0 && settled < at("third", "begin"), `event ${sequence}: third after second`);
  }
});

Deno.test("delivery rule 2: each plugin gets events one at a time, in sequence", async () => {
  const day = (await dayOfThree()).notes;
  for (const plugin of ["first", "second", "third"]) {
    let current: Note | undefined;
    const begun: number[] = [];
    for (const note of day.filter((one) => one.plugin === plugin)) {
      if (note.what === "end") {
        assertEquals(note.sequence, current?.sequence, `${plugin} ends what it began`);
        current = undefined;
        continue;
      }
      const isGivenUp = current === undefined || [FAIL_AT, HANG_AT].includes(current.sequence);
      assert(isGivenUp, `${plugin} begins ${note.sequence} while it has ${current?.sequence}`);
      current = note;
      if (begun.at(-1) !== note.sequence) begun.push(note.sequence);
    }
    assertEquals(begun, IN_ORDER, plugin);
  }
});

Deno.test("delivery rule 3: different plugins may work on different events at the same time", async () => {
  const open = new Map<string, number>();
  let together = 0;
  for (const { plugin, what, sequence } of (await dayOfThree()).notes) {
    if (what === "end") open.delete(plugin);
    else open.set(plugin, sequence);
    if (new Set(open.values()).size > 1) together++;
  }
  assert(together > HANGUPS, `only ${together} times`);
});

Deno.test(
  "delivery rule 4: at least once, over deaths of host and plugin, and attempt says so",
  async () => {
    const onFailure = { onFailure: "retry", retryCount: 1000, retryFirstWaitMs: 1 };
    await using world = await worldOf([
      witness("first", { delayMs: 20 }, onFailure),
      witness("second", { delayMs: 20 }, onFailure),
    ]);
    const args = ["--backoff-first-ms=1", "--deaths-per-window-max=1000"];
    let host = await world.startHost(args);
    await world.play({ count: HANGUPS, seed: 13 });
    for (const wanted of [3, 6, 9, 12]) {
      await host.until(() => ended(world, "second").length >= wanted, `${wanted} are settled`);
      if (wanted % 2 === 0) {
        await host.kill();
        host = await world.startHost(args);
      } else await killProcess(notes(world, "second").at(-1)!.pid);
    }
    for (const plugin of ["first", "second"]) await untilAll(host, world, plugin);
    await host.stop();
    assert(notes(world).some(({ attempt }) => attempt > 1), "something came again");
    for (const plugin of ["first", "second"]) {
      const attempts = new Map<number, number>();
      for (const { what, sequence, attempt } of notes(world, plugin)) {
        if (what === "end") continue;
        const before = attempts.get(sequence) ?? 0;
        assert(attempt > before, `${plugin}: ${sequence} came again as attempt ${attempt}`);
        attempts.set(sequence, attempt);
      }
      assertEquals([...attempts.keys()], IN_ORDER, `first deliveries to ${plugin}`);
      const lastEnd = new Map(
        notes(world, plugin).entries().map(([at, note]) =>
          [note.sequence, note.what === "end" ? at : -1] as const
        ),
      );
      assert([...lastEnd.values()].every((at) => at >= 0), "each was ended in its last attempt");
    }
  },
);

Deno.test(
  "delivery rule 5: at the time limit the plugin's process is killed, not asked",
  async () => {
    const { notes: day, alive } = await dayOfThree();
    const hung = day.filter(({ plugin, sequence }) => plugin === "second" && sequence === HANG_AT);
    assert(hung.length > 0 && hung.every(({ what }) => what === "begin"));
    const later = day.filter(({ plugin, sequence }) => plugin === "second" && sequence > HANG_AT);
    for (const { pid } of hung) {
      assert(later.every((note) => note.pid !== pid), "another process goes on");
      assert(!alive.includes(pid), `process ${pid}, which loops for ever, is gone`);
    }
  },
);

Deno.test("delivery rule 6: skip, retry and hold do what they say", async () => {
  const failing = { failAt: FAIL_AT };
  await using world = await worldOf([
    witness("skips", failing, { onFailure: "skip" }),
    witness("retries", failing, { onFailure: "retry", retryCount: 2, retryFirstWaitMs: 20 }),
    witness("holds", failing, { onFailure: "hold" }),
    witness("goes-on"),
  ]);
  await using host = await world.startHost();
  await world.play({ count: HANGUPS, seed: 14 });
  await untilAll(host, world, "goes-on");
  using book = DeadLetterBook.open(world.folder, "read");
  const dead = [...book.list({})].map(({ plugin, sequence, attempt }) => [
    plugin,
    sequence,
    attempt,
  ]);
  assertEquals(dead, [["retries", FAIL_AT, 3], ["skips", FAIL_AT, 1]]);
  const others = IN_ORDER.filter((sequence) => sequence !== FAIL_AT);
  for (const plugin of ["skips", "retries"]) assertEquals(ended(world, plugin), others, plugin);
  assertEquals(ended(world, "holds"), IN_ORDER.slice(0, FAIL_AT - 1), "the rest waits");
  await Deno.writeTextFile(join(world.folder, "mended"), "");
  await done(world, "plugin release holds");
  await untilAll(host, world, "holds");
  assertEquals(ended(world, "holds"), IN_ORDER, "it has caught up, in order");
});

const MANY = 40_000;
const MIB = 1024 * 1024;

Deno.test("delivery rule 7: memory stays bounded whatever waits", async () => {
  await using world = await worldOf([witness("holds", { failAt: 3 }, { onFailure: "hold" })]);
  await using host = await world.startHost();
  using processes = ProcessStatistics.open(world.libraryPath);
  const residentBytes = (): number => processes.read(host.pid)!.residentBytes;
  using store = ReadStore.open(world.folder);
  await world.play({ count: 2000, seed: 15 });
  await host.until(() => store.lastSequence >= 2000, "the first ones wait");
  const before = residentBytes();
  await world.play({ count: MANY, seed: 16 });
  await host.until(() => store.lastSequence >= 2000 + MANY, "they are all in the store");
  const grownMib = (residentBytes() - before) / MIB;
  assert(grownMib < 24, `the host has grown by ${grownMib} MiB`);
  assertEquals(ended(world, "holds"), [1, 2]);
});
