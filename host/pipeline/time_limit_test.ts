import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FakeClock } from "../internal/_fake_clock.ts";
import { TimeLimit } from "./time_limit.ts";

Deno.test("TimeLimit is over exactly when there was no progress for its time while it counted", async () => {
  const step = fc.record({
    do: fc.constantFrom("start", "progress", "pause", "end", "wait"),
    waitMs: fc.nat(60),
  });
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const clock = new FakeClock();
    const overAt: number[] = [];
    const limit = new TimeLimit(clock, 50, () => overAt.push(clock.monotonic()));
    const expected: number[] = [];
    let dueMs: number | undefined;
    for (const { do: what, waitMs } of steps) {
      const now = clock.monotonic();
      if (what === "start" && dueMs === undefined) dueMs = now + 50;
      if (what === "progress" && dueMs !== undefined) dueMs = now + 50;
      if (what === "pause" || what === "end") dueMs = undefined;
      if (what === "wait") {
        if (dueMs !== undefined && dueMs <= now + waitMs) {
          expected.push(dueMs);
          dueMs = undefined;
        }
        await clock.advance(waitMs);
      } else limit[what]();
      assertEquals(limit.leftMs, dueMs === undefined ? 0 : dueMs - clock.monotonic());
    }
    limit.end();
    await clock.advance(1000);
    assertEquals(overAt, expected);
  }));
});

Deno.test("TimeLimit leaves one timer for many events that follow each other", () => {
  const clock = new FakeClock();
  let started = 0;
  const counting = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    startTimer(delayMs: number, fire: () => void) {
      started++;
      return clock.startTimer(delayMs, fire);
    },
    soon: (work: () => void) => clock.soon(work),
  };
  const limit = new TimeLimit(counting, 50, () => {});
  for (let i = 0; i < 10; i++) {
    limit.start();
    limit.pause();
  }
  limit.end();
  assertEquals(started, 1);
});
