/** The commands around delivery, as processes with the permissions of `deno.json`, on real stores. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "../support/host_process.ts";
import { done, runTask } from "../support/run_task.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const EVENTS = 22;
const BAD_EVENT = 5;

const bad: TestPlugin = {
  id: "bad",
  file: "misbehave",
  config: { how: "throws", at: BAD_EVENT },
};

/** A world whose host has taken twenty hangups to a plugin that fails on one, and was stopped. */
async function playedWorld(): Promise<TestWorld> {
  const world = await TestWorld.make([]);
  await world.writeRegistry([bad, world.recorder("rec")]);
  await using host = await world.startHost();
  await world.play({ count: EVENTS - 2, seed: 3 });
  await host.until(() => world.distinct("rec") === EVENTS, "everything is recorded");
  return world;
}

Deno.test("dead list, dead show and explain tell of an event that a plugin failed on", async () => {
  await using world = await playedWorld();
  const list = await done(world, "dead list");
  assertMatch(list, /^bad +5 +\S+Z +failed +TypeError: on purpose$/m);
  const [letter, ...others] = JSON.parse(await done(world, "dead list --json --plugin=bad"));
  assertEquals([letter.plugin, letter.sequence, letter.state], ["bad", BAD_EVENT, "dead"]);
  assertEquals(others, []);
  assertEquals(JSON.parse(await done(world, "dead list --json --plugin=rec")), []);
  const show = await done(world, `dead show ${BAD_EVENT}`);
  for (const text of ['"type": "linkHangup"', "bad: failed in attempt 1", "misbehave.ts:"]) {
    assertStringIncludes(show, text);
  }
  const explained = JSON.parse(await done(world, `explain ${BAD_EVENT} --json`));
  assertEquals(
    explained.plugins.map((
      p: { plugin: string; outcome: { kind: string } },
    ) => [p.plugin, p.outcome.kind]),
    [["bad", "dead"], ["rec", "done"]],
  );
  const way = await done(world, `explain ${explained.id}`);
  assertMatch(way, /^service start +\S+Z in process \d+, event 1$/m);
  assertMatch(way, /^ 1 {2}bad +failed \S+Z, attempt 1, and dead: TypeError: on purpose$/m);
  assertMatch(way, /^ 2 {2}rec +done .*attempt 1$/m);
});

Deno.test("history tells events in order as table, JSON and CSV, and filters them", async () => {
  await using world = await playedWorld();
  const all = JSON.parse(await done(world, "history --json"));
  assertEquals(
    all.map(({ sequence }: { sequence: number }) => sequence),
    Array.from({ length: EVENTS }, (_, i) => i + 1),
  );
  const failed = JSON.parse(await done(world, "history --json --outcome=failed"));
  assertEquals(failed.map(({ sequence }: { sequence: number }) => sequence), [BAD_EVENT]);
  const { port } = failed[0].event;
  for (const record of JSON.parse(await done(world, `history --json --port=${port.name}`))) {
    assertEquals(record.event.port.name, port.name);
  }
  const csv = (await done(world, "history --csv")).split("\r\n");
  assertEquals([csv.length, csv.at(-1)], [EVENTS + 2, ""]);
  assertStringIncludes(csv[BAD_EVENT]!, `"failed","failed","done"`);
  const table = await done(world, "history --limit=3");
  assertEquals(table.split("\n").filter((line) => /^2026-|^20\d\d-/.test(line)).length, 3);
  assertStringIncludes(await done(world, "history --until=2020-01-01"), "No events");
});

Deno.test("history finds the events of one user, links included", async () => {
  await using world = await TestWorld.make([]);
  {
    await using host = await world.startHost();
    await world.play({ count: 20, seed: 3, hangupsOnly: false });
    const isOver = async () => (await done(world, "history --csv --limit=1")).includes("Stop");
    while (!await isOver()) assertEquals(host.stderr.match(/ERROR/), null);
  }
  interface Told {
    readonly event: { type: string; session?: { user?: string; account?: { qualified: string } } };
  }
  const all: Told[] = JSON.parse(await done(world, "history --json"));
  const account = ({ event }: Told) => event.session?.account?.qualified;
  const { user, account: { qualified } = {} } = all.find(account)!.event.session!;
  const hers = all.filter((told) => account(told) === qualified);
  assert(hers.some(({ event }) => event.type === "linkHangup") && hers.length < all.length);
  assertEquals(JSON.parse(await done(world, `history --json --user=${qualified}`)), hers);
  assert(JSON.parse(await done(world, `history --json --user=${user}`)).length >= hers.length);
  assertStringIncludes(await done(world, "history --user=nobody-at-all"), "No events");
});

Deno.test("explain and history tell what waits for a plugin that cannot be started", async () => {
  await using world = await TestWorld.make([]);
  const off = { id: "off", file: "nothing", enabled: false } as TestPlugin;
  await world.writeRegistry([
    { id: "broken", file: "throw_at_load" },
    world.recorder("rec"),
    off,
  ]);
  {
    await using host = await world.startHost();
    await world.play({ count: EVENTS - 2, seed: 3 });
    await host.until(() => world.distinct("rec") === EVENTS, "everything is recorded");
  }
  const way = await done(world, "explain 4");
  assertMatch(way, /^ 1 {2}broken +waiting: 3 events before it$/m);
  assertMatch(way, /^ 2 {2}rec +done /m);
  assertMatch(way, /^ 3 {2}off +not known: the plugin is disabled$/m);
  const waiting = JSON.parse(await done(world, "history --json --outcome=waiting"));
  assertEquals(waiting.length, EVENTS);
  assertEquals(
    JSON.parse(await done(world, "history --json --outcome=done --plugin=rec")).length,
    EVENTS,
  );
});

Deno.test("dead redrive is carried out by a host that runs", async () => {
  await using world = await playedWorld();
  assertStringIncludes(
    await done(world, "dead redrive --dry-run"),
    "1 dead letter would be redriven; nothing was changed",
  );
  await world.writeRegistry([{ ...bad, config: { how: "throws", at: 0 } }, world.recorder("rec")]);
  await using host = await world.startHost();
  assertStringIncludes(await done(world, "dead redrive"), "Asked for 1 dead letter");
  let left: unknown[] = [undefined];
  for (const end = Date.now() + 30_000; left.length > 0 && Date.now() < end;) {
    left = JSON.parse(await done(world, "dead list --json"));
  }
  assertEquals(left, [], host.stderr);
  assertMatch(await done(world, `explain ${BAD_EVENT}`), /bad +failed .*; redriven and done \S+Z/);
  const [letter] = JSON.parse(await done(world, "dead list --all --json"));
  assertEquals(letter.state, "redriven");
});

Deno.test("dead drop forgets dead letters, and asks for --yes when they are several", async () => {
  await using world = await TestWorld.make([]);
  const first = { ...bad, id: "first" };
  await world.writeRegistry([first, bad, world.recorder("rec")]);
  {
    await using host = await world.startHost();
    await world.play({ count: EVENTS - 2, seed: 3 });
    await host.until(() => world.distinct("rec") === EVENTS, "everything is recorded");
  }
  const refused = await runTask(world, "dead drop");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "2 dead letters are meant, wanted --yes");
  assertStringIncludes(await done(world, "dead drop --plugin=first"), "Dropped 1 dead letter;");
  assertStringIncludes(await done(world, `dead drop --yes --event=${BAD_EVENT}`), "Dropped 1");
  assertStringIncludes(await done(world, "dead list"), "No dead letters");
  assertStringIncludes(await done(world, "dead drop"), "There is nothing to drop");
});

Deno.test("replay feeds stored events to one plugin and leaves the host's state alone", async () => {
  await using world = await playedWorld();
  const before = await done(world, "history --json");
  const said = await runTask(world, "replay --plugin=rec --from=3 --to=8");
  assertEquals(said.code, 0, said.stderr);
  assertMatch(said.stdout, /^done +6$/m);
  const again = world.recorded("rec").slice(EVENTS).map(({ event }) => event);
  assertEquals(again.map(({ sequence }) => sequence), [3, 4, 5, 6, 7, 8]);
  assertEquals(new Set(again.map(({ attempt }) => attempt)), new Set([2]));
  assertEquals(await done(world, "history --json"), before);
  const failing = await runTask(world, "replay --plugin=bad --from=1");
  assertEquals(failing.code, 1);
  assertMatch(failing.stdout, /^ +5 +2 +failed +TypeError: on purpose$/m);
});

Deno.test(
  "replay --dry-run refuses by permission what a plugin may do otherwise, and lists it",
  async () => {
    await using world = await playedWorld();
    const said = await runTask(world, "replay --plugin=rec --from=1 --to=4 --dry-run");
    assertEquals(said.code, 1);
    assertMatch(said.stdout, /^failed +4$/m);
    assertMatch(said.stdout, /^write +4 +1 +\.\/records\.jsonl$/m);
    assertEquals(world.recorded("rec").length, EVENTS, "nothing was written");
  },
);

Deno.test(
  "replay --dry-run lists what plugins keep quiet about, and what fails at their start",
  async () => {
    await using world = await playedWorld();
    await world.writeRegistry([
      {
        id: "webhook",
        file: join(ROOT, "plugins/webhook/mod.ts"),
        permissions: { net: ["127.0.0.1:8123"] },
        config: { url: "http://127.0.0.1:8123/x", attemptsMax: 1 },
      },
      {
        id: "audit",
        file: join(ROOT, "plugins/audit_log/mod.ts"),
        permissions: { read: ["./audit"], write: ["./audit"] },
        config: { file: "./audit/a.jsonl" },
      },
    ]);
    const webhook = await runTask(world, "replay --plugin=webhook --from=1 --to=2 --dry-run");
    assertEquals(webhook.code, 1);
    assertMatch(webhook.stdout, /^net +2 +- +127\.0\.0\.1:8123$/m);
    const audit = await runTask(world, "replay --plugin=audit --from=1 --dry-run");
    assertEquals(audit.code, 1);
    assertStringIncludes(audit.stdout, "It ended early: the plugin does not start: its onStart");
    assertMatch(audit.stdout, /^write +1 +- +\S+$/m);
  },
);

Deno.test("the commands end with 3 and say where they looked when there is no store", async () => {
  await using world = await TestWorld.make([]);
  for (const line of ["dead list", "dead redrive", "explain 1", "history"]) {
    const { code, stderr } = await runTask(world, line);
    assertEquals(code, 3, line);
    assertStringIncludes(stderr, `${join(world.folder, "onhook.sqlite")}: there is none`);
  }
  const names = [...Deno.readDirSync(world.folder)].map(({ name }) => name).toSorted();
  assert(!names.includes("onhook.sqlite"), "nothing is made");
});

Deno.test(
  "history and explain say whose an event is, and replay keeps to what is granted",
  async () => {
    await using world = await TestWorld.make([]);
    const recorder = world.recorder("rec");
    await world.writeRegistry([{ ...recorder, fields: ["session.user"] }]);
    {
      await using host = await world.startHost();
      await world.play({ count: 6, seed: 3, hangupsOnly: false });
      const isOver = () => world.recorded("rec").some(({ event }) => event.type === "serviceStop");
      await host.until(isOver, "the whole day");
      await host.stop();
    }
    const ends = world.recorded("rec").flatMap(({ event }) =>
      event.type === "sessionEnd" ? [event] : []
    );
    const { id, session, sequence } = ends[0]!;
    assertStringIncludes(await done(world, "history"), `sessionEnd        VPN`);
    assertStringIncludes(await done(world, "history"), session!.user!);
    const explained = await done(world, `explain ${id}`);
    assertStringIncludes(explained, `Event ${sequence}`);
    assertStringIncludes(explained, `session        ${session!.user}`);
    assertStringIncludes(explained, `${session!.id}, observed`);
    await Deno.writeTextFile(world.records, "");
    await world.writeRegistry([recorder]);
    await done(world, `replay --plugin=rec --from=${sequence} --to=${sequence}`);
    const [again] = world.recorded("rec");
    assertEquals(again!.event.id, id);
    const { user: _, account: __, ...unnamed } = session!;
    assertEquals("session" in again!.event ? again!.event.session : undefined, unnamed);
  },
);
