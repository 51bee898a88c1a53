import type { Outcome } from "./outcome.ts";

/** An event that was settled later than this after it was stored has waited for something. */
const LATE_MS = 60_000;

/**
 * Whether a plugin has caught up with an event later: those behind it had gone on without it, or it
 * took more than a minute.
 *
 * @param storedMs When the event was stored, milliseconds since 1970 UTC.
 */
export function isLate(outcome: Outcome, storedMs: number): boolean {
  if (outcome.kind === "done") return outcome.wasBehind || outcome.fromMs > storedMs + LATE_MS;
  return outcome.kind === "redriven" && outcome.redrivenMs > storedMs + LATE_MS;
}
