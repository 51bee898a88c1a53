import { InputError } from "../internal/errors.ts";
import type { ReadStore } from "../store/read_store.ts";
import { entriesOf } from "./stored_event.ts";

/** One end of a replay: an event, or a time in microseconds since 1970 UTC. */
export type ReplayEnd = { readonly sequence: number } | { readonly microseconds: number };

/** The events `from` … `to`. */
export interface ReplayRange {
  readonly from: number;
  readonly to: number;
}

/** Bytes of events in memory at a time. */
const READ_BYTES = 256 * 1024;

/**
 * Finds the events that are meant. A time means, for the beginning, the first event at it or later;
 * for the end, the last event at it or earlier.
 *
 * @param to The newest event when it is left out.
 * @throws {InputError} When no stored event is meant.
 */
export function replayRange(
  store: ReadStore,
  from: ReplayEnd,
  to: ReplayEnd | undefined,
): ReplayRange {
  const { firstSequence: first, lastSequence: last } = store;
  const begin = "sequence" in from ? from.sequence : firstSince(store, from.microseconds);
  const end = to === undefined
    ? last
    : "sequence" in to
    ? to.sequence
    : lastUntil(store, to.microseconds);
  const range = { from: Math.max(begin, first), to: Math.min(end, last) };
  if (last > 0 && range.from <= range.to) return range;
  const there = last === 0 ? "none is there yet" : `those from ${first} to ${last} are there`;
  throw new InputError("Cannot replay", [{
    source: "command line",
    place: "--from, --to",
    found: "no event between them",
    wanted: `events that are in the store ${store.path}; ${there}`,
  }]);
}

function firstSince(store: ReadStore, microseconds: number): number {
  for (let from = store.firstSequence; from > 0;) {
    const segments = store.segmentsFrom(from, READ_BYTES);
    if (segments.length === 0) break;
    for (const segment of segments) {
      for (const { sequence, timeMicroseconds } of entriesOf(segment)) {
        if (timeMicroseconds >= microseconds) return sequence;
      }
    }
    from = segments.at(-1)!.last + 1;
  }
  return Infinity;
}

function lastUntil(store: ReadStore, microseconds: number): number {
  for (let to = store.lastSequence; to > 0;) {
    const segments = store.segmentsUpTo(to, READ_BYTES);
    for (const segment of segments) {
      let last = 0;
      for (const { sequence, timeMicroseconds } of entriesOf(segment)) {
        if (timeMicroseconds <= microseconds) last = sequence;
      }
      if (last > 0) return last;
    }
    to = (segments.at(-1)?.first ?? 1) - 1;
  }
  return 0;
}
