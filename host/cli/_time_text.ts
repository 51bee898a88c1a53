import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const AGO = /^(\d{1,6})(s|min|h|d)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/** How a time is written, for help pages. */
export const TIME_FORMS =
  "2026-11-22T10:00:00Z, 2026-11-22 10:00 (UTC), 2026-11-22, or 90s, 15min, \
2h, 7d ago";

/**
 * Reads a time of the command line.
 *
 * @param text ISO 8601, in UTC when it names no zone, or how long ago.
 * @param place The option.
 * @param nowMs Milliseconds since 1970 UTC.
 * @returns Microseconds since 1970 UTC.
 * @throws {InputError} When it is none.
 */
export function readTimeText(text: string, place: string, nowMs: number): number {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined) return (nowMs - Number(count) * UNITS[unit!]!) * 1000;
  const milliseconds = DATE.test(text)
    ? Date.parse(`${text}T00:00:00Z`)
    : TIME.test(text)
    ? Date.parse(withZone(text.replace(" ", "T")))
    : NaN;
  if (!Number.isNaN(milliseconds)) return milliseconds * 1000 + microsecondsOf(text);
  throw new InputError("Cannot use the options", [
    { source: "command line", place, found: describeValue(text), wanted: `a time: ${TIME_FORMS}` },
  ]);
}

function withZone(text: string): string {
  const short = text.replace(/(\.\d{3})\d+/, "$1");
  return /(?:Z|[+-]\d{2}:\d{2})$/.test(short) ? short : `${short}Z`;
}

/** `Date` knows milliseconds only. */
function microsecondsOf(text: string): number {
  return Number(/\.\d{3}(\d{1,3})/.exec(text)?.[1]?.padEnd(3, "0") ?? 0);
}
