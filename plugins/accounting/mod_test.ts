import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { registryEntries, type RegistryEntry } from "../_testing/registry_entry.ts";
import { runPlugin } from "../_testing/run_plugin.ts";
import { sampleEvents } from "../_testing/sample_events.ts";

const module = new URL("./mod.ts", import.meta.url);

async function ownEntry(): Promise<RegistryEntry> {
  const entries = await registryEntries(new URL("../registry.json", import.meta.url));
  return entries.find(({ id }) => id === "accounting")!;
}

const other = { user: "bo", account: { name: "bo", qualified: "bo" } };
const wrapped = { totals: { ...sampleEvents.sessionEnd(1).end!.totals, mayHaveWrapped: true } };

const events = [
  sampleEvents.linkHangup({ sequence: 1 }),
  sampleEvents.sessionEnd(1),
  sampleEvents.sessionEnd(1),
  sampleEvents.sessionEnd(2, { end: wrapped }),
  sampleEvents.sessionEnd(3, { session: other }),
  sampleEvents.sessionEnd(4, { end: { endedAt: "2026-11-23T00:00:00.000000Z" } }),
];

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-accounting-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("accounting writes one row a session when it has the grants of the registry only", () =>
  inFolder(async (folder) => {
    const run = await runPlugin({ module, entry: await ownEntry(), events, folder });
    assertEquals([run.refused, run.failed, run.code], [undefined, [], 0], run.stderr);
    using database = new DatabaseSync(join(folder, "accounts", "accounting.sqlite"));
    const rows = database.prepare("SELECT * FROM session ORDER BY id").all();
    assertEquals(rows.map((row) => [row["account"], row["day"], row["bytesTransmitted"]]), [
      ["CORP\\ada", "2026-11-22", 5_000_000_000],
      ["CORP\\ada", "2026-11-22", 5_000_000_000],
      ["bo", "2026-11-22", 5_000_000_000],
      ["CORP\\ada", "2026-11-23", 5_000_000_000],
    ]);
    assertEquals(rows[0]!["clientAddress"], "10.20.0.7");
    assertEquals(
      database.prepare("SELECT day, account, sessions, inexact FROM day").all().map((row) =>
        Object.values(row)
      ),
      [
        ["2026-11-22", "CORP\\ada", 2, 1],
        ["2026-11-22", "bo", 1, 0],
        ["2026-11-23", "CORP\\ada", 1, 0],
      ],
    );
  }));

Deno.test("accounting writes CSV files that a second start goes on with when asked to", () =>
  inFolder(async (folder) => {
    const entry = { ...await ownEntry(), config: { path: "./accounts", format: "csv" } };
    for (const part of [events.slice(0, 4), events.slice(2)]) {
      const run = await runPlugin({ module, entry, events: part, folder });
      assertEquals([run.refused, run.failed], [undefined, []], run.stderr);
    }
    const read = (name: string) => Deno.readTextFile(join(folder, "accounts", name));
    const sessions = (await read("sessions-2026-11-22.csv")).trimEnd().split("\n");
    assertEquals(sessions.length, 4);
    assertMatch(sessions[0]!, /^id,day,account,user,computer,clientAddress,startedAt,endedAt/);
    assertMatch(sessions[1]!, /^00c0ffee00c0ffee-end-280,2026-11-22,CORP\\ada,CORP\\Ada,LT-0042,/);
    assertEquals((await read("totals-2026-11-22.csv")).split("\n"), [
      "day,account,sessions,durationSeconds,bytesTransmitted,bytesReceived,inexact",
      "2026-11-22,CORP\\ada,2,7200,10000000000,500000,1",
      "2026-11-22,bo,1,3600,5000000000,250000,0",
      "",
    ]);
    assertEquals((await read("totals-2026-11-23.csv")).split("\n").length, 3);
  }));

Deno.test("accounting fails the event and names the field when sessions are not granted", () =>
  inFolder(async (folder) => {
    const { session: _, end: __, ...bare } = sampleEvents.sessionEnd(1);
    const run = await runPlugin({ module, entry: await ownEntry(), events: [bare], folder });
    assertMatch(run.failed[0]!.error, /wanted "session" among the "fields"/);
  }));

Deno.test("accounting does not start and names the grant when its path is outside of it", () =>
  inFolder(async (folder) => {
    const entry = { ...await ownEntry(), config: { path: "./elsewhere/a.sqlite" } };
    const run = await runPlugin({ module, entry, events, folder });
    assertMatch(run.refused ?? "", /Cannot open the accounts .+; grant "read" and "write"/);
  }));

Deno.test("accounting says once that users are missing when they are not granted", () =>
  inFolder(async (folder) => {
    const bare = [1, 2].map((number) => {
      const event = sampleEvents.sessionEnd(number);
      const { user: _, account: __, domain: ___, ...session } = event.session!;
      return { ...event, session };
    });
    const run = await runPlugin({ module, entry: await ownEntry(), events: bare, folder });
    assertEquals(run.lines.filter(({ level }) => level === "warn").length, 1);
    assertEquals(run.settled.length, 2);
  }));
