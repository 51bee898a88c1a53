import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { afterFailure } from "./after_failure.ts";

const ENTRY = {
  onFailure: "retry",
  retryCount: 3,
  retryFirstWaitMs: 1000,
  retryLongestWaitMs: 3000,
} as const;

const waitsWith = (drawn: number) =>
  [1, 2, 3, 4].map((times) => afterFailure(ENTRY, times, { next: () => drawn }));

Deno.test("afterFailure() doubles the wait up to the longest, and skips after the last try", () => {
  // Nothing is drawn from the half that chance decides.
  assertEquals(waitsWith(0), [
    { do: "retry", waitMs: 500 },
    { do: "retry", waitMs: 1000 },
    { do: "retry", waitMs: 1500 },
    { do: "skip" },
  ]);
});

Deno.test("afterFailure() draws the second half of a wait", () => {
  const [first] = waitsWith(0.5);
  assertEquals(first, { do: "retry", waitMs: 750 });
});

Deno.test("afterFailure() keeps each wait between half of its length and the longest", () => {
  const entries = fc.record({
    onFailure: fc.constant("retry" as const),
    retryCount: fc.integer({ min: 1, max: 1000 }),
    retryFirstWaitMs: fc.integer({ min: 1, max: 3_600_000 }),
    retryLongestWaitMs: fc.integer({ min: 1, max: 86_400_000 }),
  });
  const drawn = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(entries, fc.integer({ min: 1, max: 1000 }), drawn, (entry, times, next) => {
    const then = afterFailure(entry, times, { next: () => next });
    if (times > entry.retryCount) return assertEquals(then, { do: "skip" });
    assert(then.do === "retry");
    const whole = Math.min(entry.retryFirstWaitMs * 2 ** (times - 1), entry.retryLongestWaitMs);
    assert(then.waitMs >= whole / 2 && then.waitMs <= whole, `${then.waitMs} of ${whole}`);
  }));
});

Deno.test("afterFailure() gives what the entry says when it is not retry", () => {
  const next = () => 0;
  assertEquals(afterFailure({ ...ENTRY, onFailure: "hold" }, 9, { next }), { do: "hold" });
  assertEquals(afterFailure({ ...ENTRY, onFailure: "skip" }, 1, { next }), { do: "skip" });
});
