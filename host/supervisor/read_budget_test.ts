import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FakeClock } from "../internal/_fake_clock.ts";
import { ReadBudget } from "./read_budget.ts";

Deno.test("ReadBudget.charge() lets a plugin that writes now and then through at once", async () => {
  const clock = new FakeClock();
  const budget = new ReadBudget(clock, 1000);
  for (let i = 0; i < 500; i++) {
    assertEquals(budget.charge(() => 0), 0);
    await clock.advance(1);
  }
});

Deno.test("ReadBudget.charge() holds a flood to a hundred reads a second", () => {
  const clock = new FakeClock();
  const budget = new ReadBudget(clock, 1000);
  let waits = 0;
  let reads = 0;
  while (waits === 0 && reads < 100_000) {
    waits = budget.charge(() => 0);
    reads++;
  }
  assert(reads > 100, `${reads} reads before the first wait`);
  assert(waits >= 10, `the wait is ${waits} ms`);
});

Deno.test("ReadBudget.charge() lets stray bytes through at their rate, but for one burst", async () => {
  const reads = fc.array(fc.tuple(fc.nat(300), fc.nat(5000)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 100, max: 5000 }), reads, async (rate, all) => {
      const clock = new FakeClock();
      const budget = new ReadBudget(clock, rate);
      let passed = 0;
      for (const [pauseMs, bytes] of all) {
        await clock.advance(pauseMs);
        const most = rate * (4 + clock.monotonic() / 1000) + 1e-6;
        assert(passed <= most, `${passed} bytes in ${clock.monotonic()} ms at ${rate} a second`);
        const waitMs = budget.charge(() => bytes);
        passed += bytes;
        await clock.advance(waitMs);
      }
    }),
  );
});
