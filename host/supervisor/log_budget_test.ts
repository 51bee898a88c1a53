import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FakeClock } from "../internal/_fake_clock.ts";
import { LogBudget } from "./log_budget.ts";

Deno.test("LogBudget lets so many lines through in a second and counts the others", async () => {
  const clock = new FakeClock();
  const budget = new LogBudget(clock, 3);
  assertEquals([1, 2, 3, 4, 5].map(() => budget.take()), [true, true, true, false, false]);
  assertEquals([budget.takeDropped(), budget.takeDropped()], [2, 0]);
  await clock.advance(999);
  assertEquals(budget.take(), false);
  await clock.advance(1);
  assertEquals(budget.take(), true);
  assertEquals(budget.takeDropped(), 1);
});

Deno.test("LogBudget is spent from the last line that passes until the second is over", async () => {
  const clock = new FakeClock();
  const budget = new LogBudget(clock, 2);
  budget.take();
  assertEquals(budget.isSpent, false);
  budget.take();
  assertEquals(budget.isSpent, true);
  assertEquals(budget.msToRefill(), 1000);
  await clock.advance(1000);
  assertEquals(budget.isSpent, false);
});

Deno.test("LogBudget begins its second with the first line after a pause", async () => {
  const clock = new FakeClock();
  const budget = new LogBudget(clock, 1);
  await clock.advance(1700);
  assertEquals(budget.take(), true);
  assertEquals(budget.msToRefill(), 1000);
});

Deno.test("LogBudget keeps its bound in every second that it begins, and counts every line", async () => {
  const steps = fc.array(fc.tuple(fc.nat(700), fc.nat(9)), { maxLength: 30 });
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (max, all) => {
    const clock = new FakeClock();
    const budget = new LogBudget(clock, max);
    const passedAt: number[] = [];
    let asked = 0;
    for (const [pauseMs, lines] of all) {
      await clock.advance(pauseMs);
      for (let i = 0; i < lines; i++, asked++) {
        if (budget.take()) passedAt.push(clock.monotonic());
      }
    }
    assertEquals(passedAt.length + budget.takeDropped(), asked);
    for (const at of passedAt) {
      // Any second lies in at most two of those that the budget counts in.
      const inSecond = passedAt.filter((other) => other >= at && other < at + 1000).length;
      assert(inSecond <= 2 * max, `${inSecond} lines in a second, at most ${max} in each of two`);
    }
  }));
});
