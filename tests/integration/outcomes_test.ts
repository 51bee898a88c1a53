/** What `explain`, `history` and `dead` say that became of an event, each way it can go, for real. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { done } from "../support/run_task.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const EVENTS = 12;
const AT = 5;

const misbehaving = (id: string, how: string): TestPlugin => ({
  id,
  file: "misbehave",
  config: { how, at: AT },
  timeoutMs: 3000,
});

async function eachWay(world: TestWorld): Promise<void> {
  const held: TestPlugin = {
    id: "held",
    file: "fails_until",
    permissions: { write: ["./records.jsonl"], read: ["./mended"] },
    config: { file: "./records.jsonl", at: AT, mended: "./mended" },
    onFailure: "hold",
  };
  await world.writeRegistry([
    held,
    misbehaving("failed", "throws"),
    misbehaving("denied", "denied"),
    misbehaving("inside", "deniedInside"),
    misbehaving("late", "neverAnswers"),
    misbehaving("crashed", "exitWithError"),
    world.recorder("done"),
  ]);
  await using host = await world.startHost();
  await world.play({ count: EVENTS - 2, seed: 3 });
  await host.until(() => world.distinct("done") === EVENTS, "the others have gone on");
  await host.untilLog(
    ({ plugin, message }) => plugin === "denied" && /permissions\.read of its/.test(message),
    "the log says what would grant it",
  );
  await Deno.writeTextFile(join(world.folder, "mended"), "");
  await done(world, "plugin release held");
  await host.until(() => world.distinct("held") === EVENTS, "it has caught up");
}

Deno.test(
  "explain and history tell done, failed, denied, timed out, crashed and caught up later apart",
  async () => {
    await using world = await TestWorld.make([]);
    await eachWay(world);
    const way = await done(world, `explain ${AT}`);
    const says = (plugin: string, words: RegExp) =>
      assertMatch(way, new RegExp(`^ \\d {2}${plugin} +${words.source}`, "m"));
    says("held", /caught up later: done .*, attempt 2$/);
    says("failed", /failed \S+Z, attempt 1, and dead: TypeError: on purpose$/);
    says(
      "denied",
      /denied a permission \(read secret.txt\) \S+Z, attempt 1, and dead: NotCapable: /,
    );
    says(
      "inside",
      /denied a permission \(net example.invalid:443\) \S+Z, .*TypeError: Cannot send/,
    );
    says("late", /timed out \S+Z, attempt \d, and dead: /);
    says("crashed", /crashed \S+Z, attempt \d, and dead: /);
    says("done", /done .*attempt 1$/);
    const told = JSON.parse(await done(world, `explain ${AT} --json`));
    const denied = told.plugins.find((one: { plugin: string }) => one.plugin === "denied").outcome;
    assertEquals([denied.how, denied.denied], ["denied", { kind: "read", target: "secret.txt" }]);
    const csv = (await done(world, "history --csv")).split("\r\n");
    const outcomes = (sequence: number) => csv[sequence]!.split(",").slice(-7).join(",");
    const all = (first: string) =>
      [first, ...Array(6).fill("done")].map((it) => `"${it}"`).join(",");
    assertEquals(outcomes(AT - 1), all("done"), "before it was held");
    assertEquals(
      outcomes(AT),
      '"caught up later","failed","denied a permission","denied a permission","timed out",' +
        '"crashed","done"',
    );
    assertEquals(outcomes(EVENTS), all("caught up later"), "the others had not waited");
    const list = await done(world, "dead list");
    for (const how of ["failed", "denied", "timed out", "crashed"]) {
      assertMatch(list, new RegExp(`^\\w+ +${AT} +\\S+Z +${how} `, "m"));
    }
    assertMatch(
      await done(world, `dead show ${AT}`),
      /denied: denied a permission \(read secret.txt\) in/,
    );
  },
);
