/** `ctx.once` through real deaths: what its plugin was told is done, is never done again. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { HostProcess } from "../support/host_process.ts";
import { killProcess } from "../support/kill_process.ts";
import { done } from "../support/run_task.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const HANGUPS = 60;
const ALL = HANGUPS + 2;
const WAIT_AT = 5;
const KILLS = 8;
const HOST_ARGS = ["--backoff-first-ms=1", "--deaths-per-window-max=1000"];

interface Line {
  readonly what: "charged" | "told";
  readonly sequence: number;
  readonly attempt: number;
  readonly receipt: string;
  readonly pid: number;
}

async function chargingWorld(waitAt = WAIT_AT, goAt = 0, delayMs = 0): Promise<TestWorld> {
  const world = await TestWorld.make([]);
  await Deno.writeTextFile(join(world.folder, "charges.jsonl"), "");
  await world.writeRegistry([billing(waitAt, goAt, { delayMs })]);
  return world;
}

function billing(
  waitAt: number,
  goAt: number,
  { delayMs = 0, timeoutMs = 60_000 }: { delayMs?: number; timeoutMs?: number },
): TestPlugin {
  return {
    id: "billing",
    file: "charges",
    permissions: { read: ["./go"], write: ["./charges.jsonl"] },
    config: { file: "./charges.jsonl", waitAt, goAt, delayMs },
    timeoutMs,
    // A process that dies twice on one event has failed on it.
    onFailure: "retry",
    retryCount: 1000,
    retryFirstWaitMs: 1,
  };
}

function lines(world: TestWorld): Line[] {
  const text = Deno.readTextFileSync(join(world.folder, "charges.jsonl"));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

const settled = (world: TestWorld): number =>
  new Set(lines(world).filter(({ what }) => what === "told").map(({ sequence }) => sequence)).size;

/** Kills the plugin's process, as nobody can prepare for. */
async function killPlugin(world: TestWorld): Promise<void> {
  await killProcess(lines(world).at(-1)!.pid);
}

const untilItWaits = (host: HostProcess): Promise<unknown> =>
  host.untilLog(({ message }) => message === "waits to be killed", "the plugin waits");

function assertChargedOnce(world: TestWorld): void {
  const charged = lines(world).filter(({ what }) => what === "charged");
  const inOrder = Array.from({ length: ALL }, (_, i) => i + 1);
  assertEquals(charged.map(({ sequence }) => sequence), inOrder);
  const told = lines(world).filter(({ what, sequence }) => what === "told" && sequence === WAIT_AT);
  const { receipt } = charged.find(({ sequence }) => sequence === WAIT_AT)!;
  assertEquals(told.map((line) => line.receipt), [receipt, receipt], "the same value both times");
  assert(told[1]!.attempt > 1, "it was a redelivery");
}

Deno.test(
  "once: a plugin killed after it does nothing twice when the event comes again",
  async () => {
    await using world = await chargingWorld();
    await using host = await world.startHost(HOST_ARGS);
    await world.play({ count: HANGUPS, seed: 3 });
    await untilItWaits(host);
    await killPlugin(world);
    await host.until(() => settled(world) === ALL, "all events are settled");
    assertChargedOnce(world);
  },
);

Deno.test("once: a host killed after it has nothing done twice when it runs again", async () => {
  await using world = await chargingWorld();
  const first = await world.startHost(HOST_ARGS);
  await world.play({ count: HANGUPS, seed: 3 });
  await untilItWaits(first);
  await first.kill();
  await using second = await world.startHost(HOST_ARGS);
  await second.until(() => settled(world) === ALL, "all events are settled");
  assertChargedOnce(world);
  const way = await done(world, `explain ${WAIT_AT}`);
  assert(/^ +once charge, \S+Z$/m.test(way), way);
});

Deno.test(
  "once: whoever is killed whenever, nothing is done again after its plugin was told",
  async () => {
    await using world = await chargingWorld(0, 0, 10);
    let host = await world.startHost(HOST_ARGS);
    await world.play({ count: HANGUPS, seed: 4 });
    for (let kill = 1; kill <= KILLS; kill++) {
      const wanted = Math.min(settled(world) + 1 + kill % 4, ALL);
      await host.until(() => settled(world) >= wanted, `${wanted} events are settled`);
      if (kill % 4 === 0) {
        await host.kill();
        host = await world.startHost(HOST_ARGS);
      } else await killPlugin(world);
    }
    await host.until(() => settled(world) === ALL, "all events are settled");
    await host.stop();
    assert(lines(world).some(({ attempt }) => attempt > 1), "something came again");
    const told = new Set<number>();
    for (const { what, sequence, attempt } of lines(world)) {
      assert(
        what === "told" || !told.has(sequence),
        `event ${sequence} was charged again in attempt ${attempt}`,
      );
      if (what === "told") told.add(sequence);
    }
  },
);

Deno.test(
  "once: an event that is in hand when the host stops is finished with it",
  async () => {
    await using world = await chargingWorld(0, WAIT_AT);
    await using host = await world.startHost(HOST_ARGS);
    await world.play({ count: HANGUPS, seed: 3 });
    await host.untilLog(({ message }) => message === "waits for the word to go on", "it waits");
    await host.beginStop();
    await Deno.writeTextFile(join(world.folder, "go"), "");
    assertEquals(await host.ended(), 0);
    assert(!host.stderr.includes("Killed: it did not stop"), host.stderr);
    assertEquals(lines(world).at(-1)?.what, "told");
    assertEquals(settled(world), WAIT_AT, "nothing more was begun");
  },
);

Deno.test(
  "once: an event that is in hand when its plugin's entry changes is finished with it",
  async () => {
    await using world = await chargingWorld(0, WAIT_AT);
    await using host = await world.startHost(HOST_ARGS);
    await world.play({ count: HANGUPS, seed: 3 });
    await host.untilLog(({ message }) => message === "waits for the word to go on", "it waits");
    await world.writeRegistry([billing(0, WAIT_AT, { timeoutMs: 50_000 })]);
    await host.untilLog(({ message }) => /registry/i.test(message), "the edit is noticed");
    await Deno.writeTextFile(join(world.folder, "go"), "");
    await host.until(() => settled(world) === ALL, "all events are settled");
    const charged = lines(world).filter(({ what }) => what === "charged");
    assertEquals(charged.length, ALL, "each once");
    assertEquals(lines(world).filter(({ attempt }) => attempt > 1), []);
  },
);
