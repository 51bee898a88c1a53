import { assertEquals, assertMatch } from "@std/assert";
import * as z from "zod";
import { registryEntries } from "../_testing/registry_entry.ts";
import { runPlugin } from "../_testing/run_plugin.ts";
import { sampleEvents } from "../_testing/sample_events.ts";
import { sessionReportConfig } from "./config.ts";

Deno.test("session-report reports hours as they finish and the rest at the end without any grant", async () => {
  const entries = await registryEntries(new URL("../registry.json", import.meta.url));
  const entry = entries.find(({ id }) => id === "session-report")!;
  assertEquals(Object.values(entry.permissions).flat(), []);
  const folder = await Deno.makeTempDir({ prefix: "onhook-session-report-" });
  try {
    const events = [
      sampleEvents.serviceStart({ sequence: 1 }),
      sampleEvents.linkHangup({ sequence: 2 }),
      sampleEvents.linkHangup({ sequence: 3, time: "2026-11-22T11:20:00.000000Z" }),
      sampleEvents.gap(2, { sequence: 4, time: "2026-11-22T11:21:00.000000Z" }),
    ];
    const module = new URL("./mod.ts", import.meta.url);
    const run = await runPlugin({ module, entry, events, folder });
    assertEquals([run.refused, run.failed, run.code], [undefined, [], 0], run.stderr);
    const hours = run.lines.filter((line) => line.message === "totals of the hour");
    assertEquals(hours.map(({ fields }) => [fields["hour"], fields["hangups"]]), [
      ["2026-11-22T10Z", 1],
      ["2026-11-22T11Z", 1],
    ]);
    assertEquals(hours[1]!.fields["eventsLost"], "2");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("sessionReportConfig names every wrong key when several are wrong", () => {
  const { error } = sessionReportConfig.safeParse({ portsMax: 0, portsListedMax: "all", ports: 3 });
  const text = z.prettifyError(error!);
  for (const key of ["at portsMax", "at portsListedMax", '"ports"']) {
    assertMatch(text, new RegExp(key));
  }
});
