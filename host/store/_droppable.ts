import type { Retention } from "./records.ts";

/** A row of `segment` without its events. */
export interface SegmentRow {
  readonly first: number;
  readonly last: number;
  readonly stored_ms: number;
  readonly bytes: number;
}

/** Rows that are dropped, from the oldest on. */
export interface Dropped {
  readonly rows: number;
  readonly events: number;
  readonly bytes: number;
  /** `first` and `last` of the newest of them. */
  readonly first: number;
  readonly last: number;
}

/** No row. */
export const NOTHING_DROPPED: Dropped = { rows: 0, events: 0, bytes: 0, first: 0, last: 0 };

/**
 * Which rows are too old or too many. Looks from the oldest row on, and no further than it has to.
 *
 * @param rows Oldest first.
 * @param beyond This event and those behind it stay.
 * @param bytesNow Bytes of all events that there are.
 * @param nowMs Wall-clock time.
 */
export function droppable(
  rows: Iterable<SegmentRow>,
  beyond: number,
  bytesNow: number,
  nowMs: number,
  { ageMsMax, bytesMax }: Retention,
): Dropped {
  const sum = { ...NOTHING_DROPPED };
  for (const { first, last, stored_ms, bytes } of rows) {
    // A time far ahead is from a clock that has been set back since.
    const isOld = Math.abs(nowMs - stored_ms) > ageMsMax;
    if (last >= beyond || (!isOld && bytesNow - sum.bytes <= bytesMax)) break;
    sum.rows++;
    sum.events += last - first + 1;
    sum.bytes += bytes;
    Object.assign(sum, { first, last });
  }
  return sum;
}
