import type { StatementSync } from "node:sqlite";
import type { Pruned, Retention } from "./records.ts";

/** Rows that are dropped at a time at most, so that it never takes long; the next time goes on. */
const ROWS_MAX = 50_000;

/** Losses that retention has made, and that `deno task dead list` tells of: the newest so many. */
export const DROPPED_RUNS_MAX = 10_000;

/** What a store holds beside its events when there is hardly anything to say of them, in bytes. */
const BESIDE_EVENTS_BYTES = 1024 * 1024;

/** Gives the prepared statement of some SQL. */
type Prepare = (sql: string) => StatementSync;

interface SegmentRow {
  readonly first: number;
  readonly last: number;
  readonly stored_ms: number;
  readonly bytes: number;
}

/** What was dropped, with the bytes of its events. */
export interface PrunedRows extends Pruned {
  readonly bytes: number;
}

/** Nothing was dropped. */
export const NOTHING_PRUNED: PrunedRows = { events: 0, deadLetters: 0, hasMore: false, bytes: 0 };

/** What rows are looked at with. */
export interface PruneNow {
  /** This event and those behind it stay. */
  readonly beyond: number;
  /** Wall-clock time in milliseconds. */
  readonly nowMs: number;
  /** Bytes of all events that there are. */
  readonly eventBytes: number;
}

/** Bytes of a database that hold something. */
export function usedBytes(prepare: Prepare): number {
  const { pages, free, bytes } = prepare(
    `SELECT page_count AS pages, freelist_count AS free, page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  ).get() as Record<"pages" | "free" | "bytes", number>;
  return (pages - free) * bytes;
}

/**
 * Inside a transaction: drops rows that are too old or too many, from the oldest on, with all that
 * is kept of their events.
 *
 * That (outcomes, dead letters, what was done once) counts as if each byte of an event carried the
 * same share of it.
 */
export function pruneRows(prepare: Prepare, retention: Retention, now: PruneNow): PrunedRows {
  const beside = Math.max(usedBytes(prepare) - now.eventBytes - BESIDE_EVENTS_BYTES, 0);
  const share = now.eventBytes === 0 ? 1 : 1 + beside / now.eventBytes;
  const { rows, first, last, events, bytes } = droppable(prepare, retention, now, share);
  if (rows === 0) return NOTHING_PRUNED;
  const { deadLetters } = prepare(
    "SELECT count(*) AS deadLetters FROM failure WHERE sequence <= ? AND redriven_ms IS NULL",
  ).get(last) as { deadLetters: number };
  prepare("DELETE FROM segment WHERE first <= ?").run(first);
  prepare("DELETE FROM failure WHERE sequence <= ?").run(last);
  prepare("DELETE FROM done_run WHERE last <= ?").run(last);
  prepare("DELETE FROM once WHERE sequence <= ?").run(last);
  return { events, deadLetters, hasMore: rows === ROWS_MAX, bytes };
}

/** Looks from the oldest row on, and no further than it has to, since every prune comes here. */
function droppable(
  prepare: Prepare,
  { ageMsMax, bytesMax }: Retention,
  { beyond, nowMs, eventBytes }: PruneNow,
  share: number,
): { rows: number; events: number; bytes: number; first: number; last: number } {
  const sum = { rows: 0, events: 0, bytes: 0, first: 0, last: 0 };
  const rows = prepare(
    "SELECT first, last, stored_ms, length(bytes) AS bytes FROM segment ORDER BY first LIMIT ?",
  ).iterate(ROWS_MAX) as Iterable<unknown> as Iterable<SegmentRow>;
  for (const { first, last, stored_ms, bytes } of rows) {
    // A time far ahead is from a clock that has been set back since.
    const isOld = Math.abs(nowMs - stored_ms) > ageMsMax;
    if (last >= beyond || (!isOld && (eventBytes - sum.bytes) * share <= bytesMax)) break;
    sum.rows++;
    sum.events += last - first + 1;
    sum.bytes += bytes;
    Object.assign(sum, { first, last });
  }
  return sum;
}
