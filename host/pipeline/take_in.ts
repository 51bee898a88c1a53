import { readEntryHeader } from "../events/entry_header.ts";
import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { readHex16 } from "../events/read_raw.ts";
import { writeSequence } from "../events/write_sequence.ts";
import { invariant } from "../internal/invariant.ts";
import type { Segment } from "../store/segment.ts";
import { EntryWriter } from "./entry_writer.ts";
import type { SessionDesk } from "./session_desk.ts";

/** What is new in a drained batch. */
export interface TakenIn {
  /** The new events, numbered; `undefined` when all were known. */
  readonly segment: Segment | undefined;
  /** How far each boot's records are taken in after this batch. */
  readonly positions: ReadonlyMap<string, bigint>;
}

/** What a batch is taken in with. */
export interface TakeInOptions {
  /** Puts the entries together; the segment's bytes are its own. */
  readonly writer?: EntryWriter;
  /** Tells whose they are. */
  readonly sessions?: Pick<SessionDesk, "take" | "takeEnded" | "tick">;
  /** Whether nothing more waits to be drained, so that what has not come is late. */
  readonly isLast?: boolean;
}

const { position, boot } = layout.entry;

/**
 * Numbers the events of a drained batch and leaves out those that the store already has: a host
 * that died between storing events and releasing the journal drains them again. Each is told whose
 * it is, and ends of sessions come behind the events that ended them.
 *
 * A gap's position is the journal's total of lost events. Of a gap that is already known in part,
 * only the rest is new, so the gaps of a journal always add up to its total.
 *
 * @param bytes Entries as drained. They are changed in place and belong to the segment afterwards.
 * @param nextSequence The sequence of the first new event.
 * @param known How far a boot's records have been taken in.
 */
export function takeIn(
  bytes: Uint8Array,
  nextSequence: number,
  known: (boot: string) => bigint | undefined,
  { sessions, isLast = false, writer = new EntryWriter() }: TakeInOptions = {},
): TakenIn {
  invariant(bytes.byteLength % layout.alignment === 0, "the last drained entry is not padded");
  const view = writer.begin(bytes);
  const positions = new Map<string, bigint>();
  const offsets: number[] = [];
  let sequence = nextSequence;
  for (let offset = 0, next = 0; offset < view.byteLength; offset = next) {
    const header = readEntryHeader(view, offset);
    next = header.next;
    const isGap = header.type === EventType.gap;
    const identity = readHex16(view, offset + boot);
    const key = isGap ? `gap-${identity}` : identity;
    const at = view.getBigUint64(offset + position, true);
    const last = positions.get(key) ?? known(key);
    if (last !== undefined && at <= last) continue;
    if (isGap && last !== undefined) shortenGap(view, offset, at - last);
    positions.set(key, at);
    const session = sessions?.take(view, offset, header.bytes);
    const place = writer.put(offset, header.bytes, session);
    writeSequence(writer.view, place, sequence++);
    offsets.push(place);
    for (const ended of sessions?.takeEnded() ?? []) offsets.push(writer.putEnd(ended, sequence++));
  }
  if (isLast) sessions?.tick();
  for (const ended of sessions?.takeEnded() ?? []) offsets.push(writer.putEnd(ended, sequence++));
  if (offsets.length === 0) return { segment: undefined, positions };
  const whole = writer.bytes;
  offsets.push(whole.byteLength);
  return {
    segment: {
      first: nextSequence,
      last: sequence - 1,
      bytes: whole,
      offsets: new Uint32Array(offsets),
    },
    positions,
  };
}

function shortenGap(view: DataView, offset: number, newlyLost: bigint): void {
  const lost = view.getBigUint64(offset + layout.gap.lost, true);
  if (newlyLost < lost) view.setBigUint64(offset + layout.gap.lost, newlyLost, true);
}
