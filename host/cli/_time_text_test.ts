import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../internal/errors.ts";
import { readTimeText } from "./_time_text.ts";

const NOW = Date.UTC(2026, 10, 22, 10);

Deno.test("readTimeText() reads ISO 8601 in UTC, and how long ago", () => {
  const table: [string, number][] = [
    ["2026-11-22T10:00:00Z", NOW * 1000],
    ["2026-11-22 10:00", NOW * 1000],
    ["2026-11-22T11:00:00+01:00", NOW * 1000],
    ["2026-11-22", (NOW - 36_000_000) * 1000],
    ["2026-11-22T10:00:00.000123Z", NOW * 1000 + 123],
    ["2026-11-22T10:00:00.5Z", (NOW + 500) * 1000],
    ["2026-11-22T10:00:00.1234", (NOW + 123) * 1000 + 400],
    ["90s", (NOW - 90_000) * 1000],
    ["15min", (NOW - 900_000) * 1000],
    ["2h", (NOW - 7_200_000) * 1000],
    ["7d", (NOW - 604_800_000) * 1000],
  ];
  for (const [text, wanted] of table) {
    assertEquals(readTimeText(text, "--since", NOW), wanted, text);
  }
});

Deno.test("readTimeText() refuses what is no time", () => {
  for (const text of ["", "yesterday", "2026-13-01", "5", "-1h", "2026-11-22T25:00Z", "10:00"]) {
    assertThrows(() => readTimeText(text, "--since", NOW), InputError, "--since: found");
  }
});
