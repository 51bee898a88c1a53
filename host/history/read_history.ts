import type { ReadStore, StoredSegment } from "../store/read_store.ts";
import { isOfUser } from "./is_of_user.ts";
import { type Outcome, OutcomeRange } from "./outcome.ts";
import { entriesOf, type StoredEvent, storedEvent } from "./stored_event.ts";

/** What an event came to over several plugins. */
export type OverallOutcome = "done" | "failed" | "waiting" | "none";

/** One event and what became of it. */
export interface HistoryRecord extends StoredEvent {
  /** By plugin, in the order that was asked for. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** `failed` before `waiting` before `done`; `none` when nothing is known. */
  readonly overall: OverallOutcome;
}

/** Which events are meant; what is left out does not narrow. */
export interface HistoryFilter {
  /** The callout was at this time or later, microseconds since 1970 UTC. */
  readonly sinceMicroseconds?: number | undefined;
  /** The callout was before this time, microseconds since 1970 UTC. */
  readonly untilMicroseconds?: number | undefined;
  /** Name of the port; upper and lower case are the same. */
  readonly port?: string | undefined;
  /** Name of the user, in any form that {@linkcode isOfUser} takes. */
  readonly user?: string | undefined;
  readonly outcome?: OverallOutcome | undefined;
}

/** What a history is read of. */
export interface HistoryQuery {
  /** The plugins whose outcomes are told, in call order. */
  readonly plugins: readonly string[];
  readonly filter: HistoryFilter;
  /** The newest so many are given; all when it is left out. */
  readonly limit?: number | undefined;
}

/** Bytes of events in memory at a time. */
const READ_BYTES = 256 * 1024;

/**
 * Gives events with their outcomes, oldest first. Only a few rows of the store are in memory at a
 * time, also with a limit: then the store is read backwards first to see where to begin.
 */
export function* readHistory(store: ReadStore, query: HistoryQuery): Generator<HistoryRecord> {
  let from = store.firstSequence;
  if (query.limit !== undefined) from = beginOf(store, query, query.limit);
  let left = query.limit ?? Infinity;
  for (const end = store.lastSequence; from <= end && left > 0;) {
    const segments = store.segmentsFrom(from, READ_BYTES);
    if (segments.length === 0) return;
    for (const record of recordsOf(store, segments, query, from)) {
      if (left-- > 0) yield record;
    }
    from = segments.at(-1)!.last + 1;
  }
}

/** Where the newest `limit` events that match begin. */
function beginOf(store: ReadStore, query: HistoryQuery, limit: number): number {
  let left = limit;
  let last = store.lastSequence;
  while (last > 0) {
    const segments = store.segmentsUpTo(last, READ_BYTES).toReversed();
    const sequences: number[] = [];
    for (const { sequence } of recordsOf(store, segments, query, 0)) sequences.push(sequence);
    if (sequences.length >= left) return sequences[sequences.length - left]!;
    left -= sequences.length;
    last = (segments[0]?.first ?? 1) - 1;
  }
  return 0;
}

function* recordsOf(
  store: ReadStore,
  segments: readonly StoredSegment[],
  { plugins, filter }: HistoryQuery,
  from: number,
): Generator<HistoryRecord> {
  const { sinceMicroseconds = -Infinity, untilMicroseconds = Infinity } = filter;
  const port = filter.port?.toLowerCase();
  let ranges: ReadonlyMap<string, OutcomeRange> | undefined;
  for (const segment of segments) {
    for (const entry of entriesOf(segment)) {
      const { sequence, timeMicroseconds: time } = entry;
      if (sequence < from || time < sinceMicroseconds || time >= untilMicroseconds) continue;
      const stored = storedEvent(entry);
      if (port !== undefined && portOf(stored)?.toLowerCase() !== port) continue;
      if (filter.user !== undefined && !isOfUser(stored, filter.user)) continue;
      // Outcomes are read when the first event wants them: most rows have none that matches.
      ranges ??= readRanges(store, plugins, segments);
      const outcomes = new Map([...ranges].map(([plugin, range]) => [plugin, range.of(sequence)]));
      const overall = overallOf([...outcomes.values()]);
      if (filter.outcome !== undefined && filter.outcome !== overall) continue;
      yield { ...stored, outcomes, overall };
    }
  }
}

function readRanges(
  store: ReadStore,
  plugins: readonly string[],
  segments: readonly StoredSegment[],
): ReadonlyMap<string, OutcomeRange> {
  const { first } = segments[0]!;
  const { last } = segments.at(-1)!;
  return store.snapshot(() =>
    new Map(plugins.map((plugin) => [plugin, new OutcomeRange(store, plugin, first, last)]))
  );
}

function overallOf(outcomes: readonly Outcome[]): OverallOutcome {
  const has = (kind: Outcome["kind"]) => outcomes.some((outcome) => outcome.kind === kind);
  if (has("dead")) return "failed";
  if (has("waiting")) return "waiting";
  return has("done") || has("redriven") ? "done" : "none";
}

/** The name of the port that an event is about. */
export function portOf({ event }: StoredEvent): string | undefined {
  if (event?.type === "sessionEnd") return event.end?.links[0]?.portName;
  return event !== undefined && "port" in event ? event.port.name : undefined;
}

/** The user whose an event is, as RAS gave it. */
export function userOf({ event }: StoredEvent): string | undefined {
  if (event === undefined) return undefined;
  const user = "session" in event ? event.session?.user : undefined;
  return user ?? ("connection" in event ? event.connection.user : undefined);
}
