import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "./_fake_clock.ts";
import { systemClock } from "./clock.ts";
import { systemRandom } from "./random.ts";

Deno.test("systemClock fires a timer once, and never one that was cancelled", async () => {
  const fired: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancelled = systemClock.startTimer(0, () => fired.push("cancelled"));
  systemClock.startTimer(0, () => {
    fired.push("first");
    systemClock.startTimer(0, resolve);
  });
  cancelled.cancel();
  cancelled.cancel();
  await promise;
  assertEquals(fired, ["first"]);
});

Deno.test("systemClock tells the time of the machine, and one that never goes back", () => {
  assert(Math.abs(systemClock.now() - Date.now()) < 60_000);
  assert(systemClock.monotonic() <= systemClock.monotonic());
});

Deno.test("systemRandom gives numbers from 0 up to but not including 1", () => {
  const numbers = Array.from({ length: 100 }, () => systemRandom.next());
  assert(numbers.every((number) => number >= 0 && number < 1));
  assert(new Set(numbers).size > 90);
});

Deno.test("FakeClock fires timers in the order of their times, those that they start included", async () => {
  const clock = new FakeClock();
  const fired: [string, number][] = [];
  const note = (what: string) => () => fired.push([what, clock.monotonic()]);
  clock.startTimer(30, note("c"));
  clock.startTimer(10, () => {
    note("a")();
    clock.startTimer(10, note("b"));
  });
  const never = clock.startTimer(25, note("never"));
  never.cancel();
  clock.startTimer(31, note("later"));
  await clock.advance(30);
  assertEquals(fired, [["a", 10], ["b", 20], ["c", 30]]);
  assertEquals(clock.timers, 1);
  clock.dropTimers();
  await clock.advance(100);
  assertEquals(fired.length, 3);
});
