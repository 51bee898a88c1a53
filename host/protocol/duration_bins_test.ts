import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DURATION_BINS, durationBin, durationQuantileMs } from "./duration_bins.ts";

/** One bin is this much longer than the one before it. */
const STEP = 2 ** 0.25;
/** What the arithmetic of logarithms may be off by. */
const SLACK = 1 + 1e-9;
/** From 1 µs to an hour. */
const durationMs = fc.double({ min: 0, max: 1, noNaN: true }).map((x) => 0.001 * 3.5e9 ** x);

function countsOf(durations: readonly number[]): number[] {
  const counts = new Array<number>(DURATION_BINS).fill(0);
  for (const duration of durations) counts[durationBin(duration)]! += 1;
  return counts;
}

Deno.test("durationBin() finds the bin whose bounds hold the duration", () => {
  fc.assert(fc.property(durationMs, (ms) => {
    const bin = durationBin(ms);
    const upper = 2 ** (bin / 4) / 1000;
    assert(ms <= upper * SLACK, `${ms} ms lie above bin ${bin}`);
    assert(bin === 0 || ms * SLACK >= upper / STEP, `${ms} ms lie below bin ${bin}`);
  }));
});

Deno.test("durationBin() rises with the duration", () => {
  fc.assert(fc.property(durationMs, durationMs, (a, b) => {
    assert(durationBin(Math.min(a, b)) <= durationBin(Math.max(a, b)));
  }));
});

Deno.test("durationBin() takes anything, also what no clock gives", () => {
  const odd = [0, -1, -Infinity, NaN, 1e-9, 0.001];
  assertEquals(odd.map(durationBin), odd.map(() => 0));
  assertEquals([1e300, Infinity, Number.MAX_VALUE].map(durationBin), [127, 127, 127]);
});

Deno.test("durationQuantileMs() is never too low and at most one step too high", () => {
  const share = fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1);
  fc.assert(fc.property(fc.array(durationMs, { minLength: 1 }), share, (durations, wanted) => {
    const sorted = durations.toSorted((a, b) => a - b);
    const exact = sorted[Math.ceil(sorted.length * wanted) - 1]!;
    const found = durationQuantileMs(countsOf(durations), wanted);
    assert(found * SLACK >= exact, `${found} is less than ${exact}`);
    assert(found <= exact * STEP * SLACK, `${found} is more than a step above ${exact}`);
  }));
});

Deno.test("durationQuantileMs() is 0 when nothing was counted", () => {
  assertEquals(durationQuantileMs(countsOf([]), 0.5), 0);
});
