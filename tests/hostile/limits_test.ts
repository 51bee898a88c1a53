/**
 * Each limit of a plugin, held against one that ignores every polite signal: the message names the
 * limit's key and value and says what to change, and the neighbours get every event.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { testWhere, type Want } from "../support/test_where.ts";
import { type TestPlugin, TestWorld } from "../support/test_world.ts";

const OVER = fromFileUrl(new URL("./plugins/over_limits.ts", import.meta.url));
const SPEAKER = fromFileUrl(new URL("./plugins/speaker.ts", import.meta.url));
const HANGUPS = 3;
const ALL = HANGUPS + 2;

interface Limit {
  readonly key: string;
  /** What the message says of the limit, its value included. */
  readonly says: RegExp;
  /** What the message tells to do. */
  readonly change: RegExp;
  readonly entry?: Partial<TestPlugin>;
  readonly args?: readonly string[];
}

const inEntry = (key: string): RegExp => new RegExp(`set ${key} in its registry entry`);

const LIMITS: readonly Limit[] = [
  {
    key: "timeoutMs",
    says: /took longer than timeoutMs \(300\): no answer for 300 ms \(timeoutMs\)/,
    change: inEntry("timeoutMs"),
    entry: { timeoutMs: 300 },
  },
  {
    key: "startTimeoutMs",
    says: /it was not ready within 3000 ms \(startTimeoutMs\)/,
    change: inEntry("startTimeoutMs"),
    entry: { startTimeoutMs: 3000 },
  },
  {
    key: "memoryMb",
    says: /out of memory \(memoryMb 48\)/,
    change: inEntry("memoryMb"),
    entry: { memoryMb: 48, timeoutMs: 60_000 },
  },
  {
    key: "residentMb",
    says: /its process held \d+ MiB of memory, more than 200 \(residentMb\)/,
    change: inEntry("residentMb"),
    entry: { residentMb: 200, timeoutMs: 60_000 },
  },
  {
    key: "cpuPercent",
    says: /it used \d+ ms .* within 2000 ms \(cpuWindowMs\) .* than the 200 ms that cpuPercent 10 /,
    change: inEntry("cpuPercent"),
    entry: { cpuPercent: 10, cpuWindowMs: 2000 },
  },
  {
    key: "logLinesPerSecondMax",
    says: /^\d+ lines of log were dropped: more than 50 in a second \(logLinesPerSecondMax\)/,
    change: inEntry("logLinesPerSecondMax"),
    entry: { logLinesPerSecondMax: 50 },
  },
  {
    key: "messageBytesMax",
    says: /a frame of 4294967295 bytes, 1 to 8180 allowed \(messageBytesMax 8192\)/,
    change: inEntry("messageBytesMax"),
    entry: { file: SPEAKER, config: { event: "lengthTooLong", at: 2 }, messageBytesMax: 8192 },
  },
  {
    key: "fileMb",
    says: /a file that it wrote would have been longer than 2 MiB \(fileMb\)/,
    change: inEntry("fileMb"),
    entry: { fileMb: 2, permissions: { write: ["./bad"] } },
  },
  {
    key: "deathsPerWindowMax",
    says: /ended more than 2 times \(deathsPerWindowMax\) within 40 s \(windowMs\), the last time/,
    change: /mend the plugin or its registry entry \(deathsPerWindowMax if it may end more often\)/,
    entry: { deathsPerWindowMax: 2, windowMs: 40_000 },
    args: ["--backoff-first-ms=20"],
  },
  {
    key: "onceValueBytesMax",
    says: /it gave 1048578 bytes of JSON, at most 100 \(onceValueBytesMax\)/,
    change: /let it give less/,
    args: ["--once-value-bytes-max=100"],
  },
  {
    key: "onceKeysMax",
    says: /5 keys are remembered of this event, wanted no more than that \(onceKeysMax/,
    change: /an option of the host\); put what belongs together under one key/,
    args: ["--once-keys-max=5"],
  },
];

/** What a limit wants of the system. */
const WANTS: Readonly<Record<string, Want>> = {
  fileMb: "fileLimit",
  cpuPercent: "processorTimes",
};

for (const { key, says, change, entry = {}, args = [] } of LIMITS) {
  const want = WANTS[key] ?? "any";
  testWhere(want, `the limit ${key} is told with its value and with what to change`, async () => {
    await using world = await TestWorld.make([]);
    await world.writeRegistry([
      world.recorder("before"),
      { id: "bad", file: OVER, config: { limit: key }, ...entry },
      world.recorder("after"),
    ]);
    await using host = await world.startHost(args);
    await world.play({ count: HANGUPS, seed: 2 });
    const told = await host.untilLog(
      ({ plugin, message }) => plugin === "bad" && says.test(message),
      `${key} is told as ${says}`,
    );
    assert(change.test(told.message), `${change} in: ${told.message}`);
    for (const id of ["before", "after"]) {
      await host.until(() => world.distinct(id) === ALL, `${id} has all events`);
    }
    const ofOthers = host.log.filter(({ plugin }) => plugin === "before" || plugin === "after");
    assertEquals(ofOthers, [], "nobody else is spoken of");
  });
}

Deno.test(
  "a limit in a registry entry counts as soon as it is edited, for that plugin alone",
  async () => {
    await using world = await TestWorld.make([]);
    const over = (id: string, limit: string, entry: Partial<TestPlugin>) => ({
      id,
      file: OVER,
      config: { limit },
      ...entry,
    });
    const write = (startTimeoutMs: number, deathsPerWindowMax: number, lines: number) =>
      world.writeRegistry([
        // Nobody waits for the last two.
        over("talks", "logLinesPerSecondMax", { logLinesPerSecondMax: lines }),
        over("unbound", "logLinesPerSecondMax", {}),
        over("dies", "deathsPerWindowMax", { deathsPerWindowMax, windowMs: 30_000 }),
        over("starts", "startTimeoutMs", { startTimeoutMs, deathsPerWindowMax: 1000 }),
      ]);
    const first = [1100, 1, 40] as const;
    await write(...first);
    await using host = await world.startHost(["--backoff-first-ms=20"]);
    for (const [ms, deaths, lines] of [first, [700, 2, 20] as const]) {
      if (ms !== first[0]) {
        await write(ms, deaths, lines);
        await host.untilLog(({ message }) => message.includes("changed talks"), "it is taken up");
      }
      await world.play({ count: 2 });
      const told = (plugin: string, words: string) =>
        host.untilLog(
          (line) => line.plugin === plugin && line.message.includes(words),
          `${plugin}: ${words}`,
        );
      await told("starts", `it was not ready within ${ms} ms (startTimeoutMs)`);
      await told("dies", `more than ${deaths} times (deathsPerWindowMax) within 30 s (windowMs)`);
      await told("talks", `more than ${lines} in a second (logLinesPerSecondMax)`);
    }
    const dropped = host.log.filter(({ plugin, message }) =>
      plugin === "unbound" && message.includes("logLinesPerSecondMax") &&
      !message.includes("more than 1000 in a second")
    );
    assertEquals(dropped, [], "the option of the host counts for it");
  },
);

Deno.test("the limit stopLimitMs is told when a plugin does not stop", async () => {
  await using world = await TestWorld.make([{
    id: "bad",
    file: SPEAKER,
    config: { stop: "neverAndBusy" },
  }]);
  await using host = await world.startHost(["--stop-limit-ms=300"]);
  assertEquals(await host.stop(), 0);
  const told = host.log.find(({ plugin, level }) => plugin === "bad" && level === "WARN");
  assertEquals(told?.message, "Killed: it did not stop within 300 ms (stopLimitMs)");
});
