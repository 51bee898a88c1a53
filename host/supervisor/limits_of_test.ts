import { assertEquals } from "@std/assert";
import { limitsOf } from "./limits_of.ts";

const FOR_ALL = { startTimeoutMs: 1, deathsPerWindowMax: 2, windowMs: 3, parkedRetryMs: 4 };

Deno.test("limitsOf() gives the configuration's limits when the entry says nothing", () => {
  assertEquals(limitsOf({}, FOR_ALL), FOR_ALL);
});

Deno.test("limitsOf() puts what the entry says in the place of each, and adds none", () => {
  const entry = { startTimeoutMs: 10, logLinesPerSecondMax: 20, windowMs: 30 };
  assertEquals(limitsOf(entry, FOR_ALL), {
    startTimeoutMs: 10,
    deathsPerWindowMax: 2,
    windowMs: 30,
    parkedRetryMs: 4,
  });
  assertEquals(limitsOf(entry, { logLinesPerSecondMax: 5 }), { logLinesPerSecondMax: 20 });
});
