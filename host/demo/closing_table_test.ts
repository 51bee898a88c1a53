import { assertEquals } from "@std/assert";
import type { HostReport } from "../host.ts";
import { closingTable } from "./closing_table.ts";

const base = { state: "ready", waiting: 0, deaths: 0 };

Deno.test("closingTable() lines the columns up and says times as people do", () => {
  const report = {
    plugins: [
      { ...base, plugin: "audit-log", done: 202, failed: 0, medianMs: 0.084, longestMs: 9.996 },
      { ...base, plugin: "a", done: 1, failed: 12, medianMs: 10.4, longestMs: 1234.5 },
    ],
  } as unknown as HostReport;
  assertEquals(closingTable(report).split("\n"), [
    "  #  plugin     done  failed   median     worst",
    "  1  audit-log   202       0  0.08 ms  10.00 ms",
    "  2  a             1      12    10 ms   1235 ms",
  ]);
});

Deno.test("closingTable() has its head without any plugin", () => {
  const report = { plugins: [] } as unknown as HostReport;
  assertEquals(closingTable(report), "  #  plugin  done  failed  median  worst");
});
