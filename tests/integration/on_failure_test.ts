/** What happens to an event that a plugin fails on, with real processes. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { runTask } from "../support/run_task.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const BAD = 4;
const ALL = 12;

function failing(onFailure: string, more: Record<string, unknown> = {}): TestPlugin {
  return {
    id: "billing",
    file: "fails_until",
    permissions: { write: ["./records.jsonl"], read: ["./mended"] },
    config: { file: "./records.jsonl", at: BAD, mended: "./mended" },
    onFailure,
    ...more,
  } as TestPlugin;
}

function attempts(world: TestWorld): [number, number][] {
  return world.recorded("billing").map(({ event }) => [event.sequence, event.attempt]);
}

const inOrder = Array.from({ length: ALL }, (_, i) => i + 1);

Deno.test("onFailure retry: an event is tried again until it works, the others wait", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([
    failing("retry", { retryCount: 1000, retryFirstWaitMs: 20, retryLongestWaitMs: 40 }),
    world.recorder("after"),
  ]);
  await using host = await world.startHost();
  await world.play({ count: ALL - 2, seed: 1 });
  await host.untilLog(({ attempt }) => attempt === 3, "the third try failed");
  assertEquals(world.recorded("after").map(({ event }) => event.sequence), [1, 2, 3]);
  await Deno.writeTextFile(join(world.folder, "mended"), "");
  await host.until(() => world.distinct("after") === ALL, "all are through");
  assertEquals(attempts(world).map(([sequence]) => sequence), inOrder);
  for (const [sequence, attempt] of attempts(world)) {
    assertEquals(attempt > 1, sequence === BAD, `event ${sequence}, attempt ${attempt}`);
  }
});

Deno.test("onFailure hold: the others go on; a command releases it; it catches up in order", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([failing("hold"), world.recorder("after")]);
  await using host = await world.startHost();
  await world.play({ count: ALL - 2, seed: 1 });
  await host.until(() => world.distinct("after") === ALL, "the neighbour has everything");
  assertEquals(world.recorded("billing").length, BAD - 1);
  await Deno.writeTextFile(join(world.folder, "mended"), "");
  const { code, stdout } = await runTask(world, "plugin release billing");
  assertEquals(code, 0);
  assert(stdout.startsWith("Asked for the release of billing"));
  await host.until(() => world.distinct("billing") === ALL, "it has caught up");
  assertEquals(attempts(world).map(([sequence]) => sequence), inOrder);
  assertEquals(attempts(world).filter(([, attempt]) => attempt > 1), [[BAD, 2]]);
});

Deno.test("onFailure hold: what is held is not lost when the host is killed", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([failing("hold"), world.recorder("after")]);
  const first = await world.startHost();
  await world.play({ count: ALL - 2, seed: 1 });
  await first.until(() => world.distinct("after") === ALL, "the neighbour has everything");
  await first.kill();
  await Deno.writeTextFile(join(world.folder, "mended"), "");
  await using second = await world.startHost();
  await second.until(() => world.distinct("billing") === ALL, "the rest came after the restart");
  assertEquals(attempts(world).map(([sequence]) => sequence), inOrder);
});

Deno.test("plugin release says when there is no such host or plugin, and ends with 3", async () => {
  await using world = await TestWorld.make([]);
  const nowhere = await runTask(world, "plugin release billing");
  assertEquals(nowhere.code, 3);
  assert(nowhere.stderr.includes("there is no store at"), nowhere.stderr);
  await world.writeRegistry([world.recorder("a")]);
  const host = await world.startHost();
  await host.stop();
  const nobody = await runTask(world, "plugin release billing");
  assertEquals(nobody.code, 3);
  assert(nobody.stderr.includes("has never run such a plugin"), nobody.stderr);
});
