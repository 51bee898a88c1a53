const HOUR_MS = 3_600_000;

/**
 * Whole hours since 1970 UTC of a time in milliseconds since then.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hourOf, hourText } from "./hour.ts";
 *
 * assertEquals(hourText(hourOf(Date.parse("2026-11-22T10:59:59.999999Z"))), "2026-11-22T10Z");
 * ```
 */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS);
}

/** An hour as text, such as `2026-11-22T10Z`. */
export function hourText(hour: number): string {
  return `${new Date(hour * HOUR_MS).toISOString().slice(0, -":00:00.000Z".length)}Z`;
}
