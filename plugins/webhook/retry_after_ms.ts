const SECONDS_REGEXP = /^\d{1,10}$/;
/** The one form of a date that HTTP servers may send, RFC 9110 section 5.6.7. */
const DATE_REGEXP = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a `Retry-After` header asks for, RFC 9110 section 10.2.3.
 *
 * @param value The header, `null` when there is none.
 * @param nowMs Milliseconds since 1970 UTC.
 * @returns Milliseconds, never negative; `undefined` when it asks for nothing that can be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { retryAfterMs } from "./retry_after_ms.ts";
 *
 * assertEquals(retryAfterMs("120", 0), 120_000);
 * assertEquals(retryAfterMs("Thu, 01 Jan 1970 00:01:00 GMT", 0), 60_000);
 * assertEquals(retryAfterMs("soon", 0), undefined);
 * ```
 */
export function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (SECONDS_REGEXP.test(text)) return Number(text) * 1_000;
  const dateMs = DATE_REGEXP.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
