import { assertEquals, assertMatch } from "@std/assert";
import { registryEntries, type RegistryEntry } from "../_testing/registry_entry.ts";
import { runPlugin } from "../_testing/run_plugin.ts";
import { sampleEvents } from "../_testing/sample_events.ts";

const module = new URL("./mod.ts", import.meta.url);
const { connectionUp, sessionEnd } = sampleEvents;

async function ownEntry(): Promise<RegistryEntry> {
  const entries = await registryEntries(new URL("../registry.json", import.meta.url));
  return entries.find(({ id }) => id === "session-limit-report")!;
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onhook-session-limit-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const other = { account: { name: "bo", qualified: "bo" } };

Deno.test("session-limit-report names who holds more than allowed, once for each new session", () =>
  inFolder(async (folder) => {
    const events = [
      connectionUp(1),
      connectionUp(2, other),
      sessionEnd(1),
      connectionUp(3),
      connectionUp(4),
      connectionUp(4),
      sessionEnd(3),
      connectionUp(5, other),
    ];
    const run = await runPlugin({ module, entry: await ownEntry(), events, folder });
    assertEquals([run.refused, run.failed, run.code], [undefined, [], 0], run.stderr);
    const told = run.lines.map(({ fields }) => [fields["account"], fields["sessions"]]);
    assertEquals(told, [["CORP\\ada", 2], ["bo", 2]]);
  }));

Deno.test("session-limit-report still knows who is connected when it is started again", () =>
  inFolder(async (folder) => {
    const entry = {
      ...await ownEntry(),
      config: { path: "./session-limit/a.sqlite", sessionsMax: 2 },
    };
    const up = [connectionUp(1), connectionUp(2)];
    assertEquals((await runPlugin({ module, entry, events: up, folder })).lines, []);
    const second = await runPlugin({ module, entry, events: [connectionUp(3)], folder });
    assertEquals(second.lines[0]!.fields["sessions"], 3);
    const third = await runPlugin({ module, entry, events: [sessionEnd(1)], folder });
    assertEquals(third.lines.length, 1, "what was so at its start");
    assertEquals((await runPlugin({ module, entry, events: [], folder })).lines, []);
  }));

Deno.test("session-limit-report says what is missing when the user is not granted", () =>
  inFolder(async (folder) => {
    const { session: _, ...bare } = connectionUp(1);
    const run = await runPlugin({ module, entry: await ownEntry(), events: [bare], folder });
    assertMatch(run.lines[0]!.message, /"session.user" and "session.domain"/);
    assertEquals(run.settled.length, 1);
  }));
