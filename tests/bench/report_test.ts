import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Report, reportJson, reportText } from "./report.ts";
import { type Row, verdictOf } from "./row.ts";

const base: Row = { id: "a.row", what: "what it is", unit: "ms", value: 2 };

function report(rows: readonly Row[]): Report {
  return {
    command: "deno task bench",
    date: "2026-11-22T10:00:00.000Z",
    isQuick: false,
    seconds: 3,
    machine: {
      processor: "a processor",
      cores: 2,
      coresOfMachine: 4,
      memoryGb: 8,
      system: "linux",
      disk: "ext4",
      deno: "2.9.5",
      v8: "15",
      loadBefore: 0.25,
    },
    rows,
  };
}

Deno.test("verdictOf() holds a value against its bound from the right side", () => {
  assertEquals(verdictOf({ ...base, wanted: { limit: 2, is: "most" } }), "met");
  assertEquals(verdictOf({ ...base, wanted: { limit: 1.9, is: "most" } }), "MISSED");
  assertEquals(verdictOf({ ...base, wanted: { limit: 2, is: "least" } }), "met");
  assertEquals(verdictOf({ ...base, wanted: { limit: 2.1, is: "least" } }), "MISSED");
  assertEquals(
    verdictOf({ ...base, wanted: { limit: 1, is: "most", isGoal: true } }),
    "goal ahead",
  );
  assertEquals(verdictOf(base), "—");
  assertEquals(verdictOf({ ...base, skipped: "no compiler" }), "skipped");
});

Deno.test("reportText() names what is missed and does not count goals", () => {
  const missed: Row = { ...base, id: "late", wanted: { limit: 1, is: "most" } };
  const goal: Row = { ...base, id: "goal", wanted: { limit: 1, is: "most", isGoal: true } };
  assertStringIncludes(reportText(report([base, missed, goal])), "1 of 1 bounds MISSED: late.");
  assertStringIncludes(reportText(report([base, goal])), "All 0 bounds");
});

Deno.test("reportJson() keeps values and adds verdicts", () => {
  const { format, rows, machine } = JSON.parse(reportJson(report([base])));
  assertEquals(format, 1);
  assertEquals(machine.cores, 2);
  assertEquals(rows, [{ ...base, verdict: "—" }]);
});
