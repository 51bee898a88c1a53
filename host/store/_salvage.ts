import { DatabaseSync } from "node:sqlite";
import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { walkEntries } from "../events/walk_entries.ts";
import type { Clock } from "../internal/clock.ts";
import type { Segment } from "./segment.ts";

/** Bit of a gap's reasons. */
const DAMAGED = 8;

/**
 * Reads what can still be read of a damaged database.
 *
 * @param path The database.
 * @param from Sequence of the first event that is wanted.
 * @param to Sequence of the last one.
 * @returns The events from `from` on without a hole, as far as they go; none when the first one is
 * gone.
 */
export function salvage(path: string, from: number, to: number): Segment[] {
  const found: Segment[] = [];
  let next = from;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      const rows = database.prepare(
        "SELECT first, last, bytes FROM segment WHERE last >= ? AND first <= ? ORDER BY first",
      ).iterate(from, to) as Iterable<{ first: number; last: number; bytes: Uint8Array }>;
      for (const row of rows) {
        const segment = wholePart(row.bytes, next, to);
        if (segment === undefined) break;
        found.push(segment);
        next = segment.last + 1;
      }
    } finally {
      database.close();
    }
  } catch {
    // What is behind the damage cannot be read; what was read before it is whole.
  }
  return found;
}

/** The entries of a row from `next` to `to`, when they are what they should be. */
function wholePart(bytes: Uint8Array, next: number, to: number): Segment | undefined {
  const offsets: number[] = [];
  let begin = 0;
  let end = 0;
  let sequence = next;
  for (const entry of walkEntries(bytes)) {
    if (entry.sequence < next) {
      begin = entry.next;
      continue;
    }
    if (entry.sequence > to) break;
    if (entry.sequence !== sequence) return undefined;
    offsets.push(entry.offset - begin);
    end = entry.next;
    sequence++;
  }
  if (offsets.length === 0) return undefined;
  return {
    first: next,
    last: sequence - 1,
    bytes: bytes.slice(begin, end),
    offsets: Uint32Array.from([...offsets, end - begin]),
  };
}

/** A gap event that says how many events are gone with the store. */
export function lossGap(lost: number, sequence: number, clock: Clock): Segment {
  const { entry, gap } = layout;
  const bytes = new Uint8Array(gap.bytes);
  const view = new DataView(bytes.buffer);
  const nowUs = BigInt(clock.now()) * 1000n;
  // No journal's: it must not be taken for one of its losses.
  crypto.getRandomValues(bytes.subarray(entry.boot, entry.boot + 8));
  view.setBigUint64(entry.position, BigInt(lost), true);
  view.setBigUint64(entry.sequence, BigInt(sequence), true);
  view.setBigInt64(entry.time, nowUs, true);
  view.setUint32(entry.bytes, gap.bytes, true);
  view.setUint16(entry.type, EventType.gap, true);
  view.setUint16(entry.payloadVersion, layout.payloadVersion, true);
  view.setBigUint64(gap.lost, BigInt(lost), true);
  view.setBigInt64(gap.firstTime, nowUs, true);
  view.setBigInt64(gap.lastTime, nowUs, true);
  view.setUint32(gap.reasons, DAMAGED, true);
  view.setUint32(gap.exact, 1, true);
  return {
    first: sequence,
    last: sequence,
    bytes,
    offsets: Uint32Array.from([0, gap.bytes]),
  };
}
