import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readTime } from "./_time.ts";

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse("0000-01-01T00:00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59Z");

const view = new DataView(new ArrayBuffer(8));

/** Holds the text of a time against the engine's own calendar. */
function check(ms: number): void {
  view.setBigInt64(0, BigInt(ms) * 1000n, true);
  assertEquals(readTime(view, 0, 0), new Date(ms).toISOString().replace("Z", "000Z"));
}

Deno.test("readTime() knows every day of an era of 400 years, and the leap days of all years", () => {
  const era = Date.parse("2000-03-01T00:00:00Z");
  for (let day = 0; day < 146_097; day++) check(era + day * DAY_MS);
  for (let year = 0; year <= 9999; year++) {
    const february28 = new Date(0).setUTCFullYear(year, 1, 28);
    for (let day = 0; day < 3; day++) check(february28 + day * DAY_MS);
  }
});

Deno.test("readTime() says of any second what the calendar says", () => {
  fc.assert(fc.property(
    fc.integer({ min: FIRST_MS / 1000, max: LAST_MS / 1000 }),
    (second) => check(second * 1000),
  ));
});
