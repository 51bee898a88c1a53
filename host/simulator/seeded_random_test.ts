import { assert, assertEquals } from "@std/assert";
import { SeededRandom } from "./seeded_random.ts";

Deno.test("SeededRandom gives the same numbers for ever when the seed is the same", () => {
  const random = new SeededRandom(42);
  const numbers = Array.from({ length: 4 }, () => random.integer(0, 0xffff_ffff));
  assertEquals(numbers, [1518397874, 271658881, 2061353271, 1466074086]);
});

Deno.test("SeededRandom spreads evenly when many numbers are drawn", () => {
  const random = new SeededRandom(0);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[random.integer(0, 9)]++;
  assert(counts.every((count) => count > 850 && count < 1150), String(counts));
});
