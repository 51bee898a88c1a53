import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import { ReadBudget } from "./read_budget.ts";

Deno.test("ReadBudget.charge() lets a plugin that writes now and then through at once", async () => {
  const clock = new FakeClock();
  const budget = new ReadBudget(clock);
  for (let i = 0; i < 500; i++) {
    assertEquals(budget.charge(() => {}), 0);
    await clock.advance(1);
  }
});

Deno.test("ReadBudget.charge() holds a flood to a hundred reads a second", () => {
  const clock = new FakeClock();
  const budget = new ReadBudget(clock);
  let waits = 0;
  let reads = 0;
  while (waits === 0 && reads < 100_000) {
    waits = budget.charge(() => {});
    reads++;
  }
  assert(reads > 100, `${reads} reads before the first wait`);
  assert(waits >= 10, `the wait is ${waits} ms`);
});
