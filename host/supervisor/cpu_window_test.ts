import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { CpuWindow } from "./cpu_window.ts";

Deno.test("add() gives the sum of what lies within the window", () => {
  const window = new CpuWindow(60_000, 5000);
  assertEquals(window.add(6000, 500), 500);
  assertEquals(window.add(30_000, 700), 1200);
  assertEquals(window.add(66_500, 1), 701, "the first second is 60 s ago");
  assertEquals(window.add(1_000_000, 0), 0, "all is long ago");
});

Deno.test("add() is never further from the true sum than a slot when times are drawn", () => {
  const use = fc.record({ waitMs: fc.integer({ min: 0, max: 9000 }), usedMs: fc.nat(1000) });
  fc.assert(fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
    const window = new CpuWindow(60_000, 0);
    const all: { atMs: number; usedMs: number }[] = [];
    let nowMs = 0;
    for (const { waitMs, usedMs } of uses) {
      all.push({ atMs: nowMs += waitMs, usedMs });
      const within = (windowMs: number): number =>
        all.filter(({ atMs }) => atMs > nowMs - windowMs).reduce((sum, a) => sum + a.usedMs, 0);
      const sum = window.add(nowMs, usedMs);
      const exact = Math.min(Math.max(sum, within(59_000)), within(60_000));
      assertEquals(sum, exact);
    }
  }));
});
