import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RestartPolicy } from "./restart_policy.ts";

const LIMITS = {
  backoffFirstMs: 100,
  backoffLongestMs: 1000,
  deathsPerWindowMax: 6,
  windowMs: 60_000,
};

Deno.test("RestartPolicy doubles the wait with each death up to the longest, then parks", () => {
  const policy = new RestartPolicy(LIMITS, { next: () => 1 - Number.EPSILON });
  const waits = [1, 2, 3, 4, 5, 6, 7].map((at) => policy.died(at));
  assertEquals(waits.map((wait) => wait && Math.round(wait)), [
    100,
    200,
    400,
    800,
    1000,
    1000,
    undefined,
  ]);
});

Deno.test("RestartPolicy draws the second half of the wait", () => {
  assertEquals(new RestartPolicy(LIMITS, { next: () => 0 }).died(0), 50);
  assertEquals(new RestartPolicy(LIMITS, { next: () => 0.5 }).died(0), 75);
});

Deno.test("RestartPolicy forgets deaths that lie before the window", () => {
  const policy = new RestartPolicy(LIMITS, { next: () => 0 });
  for (let i = 0; i < 6; i++) policy.died(0);
  assertEquals(policy.deaths, 6);
  assertEquals(policy.died(60_000), 50, "the first six are just too old");
  assertEquals(policy.deaths, 1);
});

Deno.test("RestartPolicy forgets all when it is told to", () => {
  const policy = new RestartPolicy(LIMITS, { next: () => 0 });
  for (let i = 0; i < 7; i++) policy.died(0);
  policy.reset();
  assertEquals(policy.died(0), 50);
});

Deno.test("RestartPolicy parks exactly when there are too many deaths in the window", () => {
  const limits = fc.record({
    backoffFirstMs: fc.integer({ min: 1, max: 600_000 }),
    backoffLongestMs: fc.integer({ min: 1, max: 3_600_000 }),
    deathsPerWindowMax: fc.integer({ min: 1, max: 1000 }),
    windowMs: fc.integer({ min: 1000, max: 86_400_000 }),
  });
  const pauses = fc.array(fc.oneof(fc.nat(10), fc.nat(100_000)), { maxLength: 60 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(limits, pauses, random, (given, all, drawn) => {
    const policy = new RestartPolicy(given, { next: () => drawn });
    const deaths: number[] = [];
    let now = 0;
    for (const pause of all) {
      now += pause;
      deaths.push(now);
      const recent = deaths.filter((at) => at > now - given.windowMs).length;
      const wait = policy.died(now);
      assertEquals(wait === undefined, recent > given.deathsPerWindowMax);
      if (wait === undefined) continue;
      const longest = Math.min(given.backoffFirstMs * 2 ** (recent - 1), given.backoffLongestMs);
      assert(wait >= longest / 2 && wait <= longest, `${wait} of ${longest}`);
    }
  }));
});
