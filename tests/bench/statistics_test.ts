import { assertEquals, assertThrows } from "@std/assert";
import { median, quantile } from "./statistics.ts";

Deno.test("median() takes the middle one whatever the order", () => {
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([10]), 10);
  assertEquals(median([100, 20, 3, 4]), 4);
});

Deno.test("quantile() gives a value that occurs", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assertEquals(quantile(values, 0.99), 99);
  assertEquals(quantile(values, 0), 1);
  assertEquals(quantile(values, 1), 100);
});

Deno.test("quantile() throws when there is nothing", () => {
  assertThrows(() => quantile([], 0.5), RangeError, "0 values");
});
