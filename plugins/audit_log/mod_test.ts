import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { registryEntries, type RegistryEntry } from "../_testing/registry_entry.ts";
import { runPlugin } from "../_testing/run_plugin.ts";
import { sampleEvents } from "../_testing/sample_events.ts";

const module = new URL("./mod.ts", import.meta.url);

async function ownEntry(): Promise<RegistryEntry> {
  const entries = await registryEntries(new URL("../registry.json", import.meta.url));
  return entries.find((entry) => entry.id === "audit-log")!;
}

Deno.test("audit-log writes every event when it has the grants of the registry only", async () => {
  const folder = await Deno.makeTempDir({ prefix: "onhook-audit-log-" });
  try {
    const events = [
      sampleEvents.serviceStart({ sequence: 1 }),
      sampleEvents.linkHangup({ sequence: 2 }),
      sampleEvents.gap(7, { sequence: 3 }),
      sampleEvents.serviceStop({ sequence: 4 }),
    ];
    const run = await runPlugin({ module, entry: await ownEntry(), events, folder });
    assertEquals([run.refused, run.failed, run.code], [undefined, [], 0], run.stderr);
    assertEquals(run.settled, events.map((event) => event.id));
    const text = await Deno.readTextFile(join(folder, "data", "audit.jsonl"));
    assertEquals(text.trimEnd().split("\n").map((line) => JSON.parse(line)), events);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("audit-log does not start and names the grant when its file is outside of it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "onhook-audit-log-" });
  try {
    const entry = { ...await ownEntry(), config: { file: "./elsewhere/audit.jsonl" } };
    const run = await runPlugin({ module, entry, events: [sampleEvents.linkHangup()], folder });
    assertMatch(
      run.refused ?? "",
      /Cannot open the audit log ".\/elsewhere\/audit.jsonl": .+; grant "read" and "write"/,
    );
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
