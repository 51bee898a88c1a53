import { decodeEvent } from "../events/decode_event.ts";
import { EntryError } from "../events/entry_error.ts";
import type { OnhookEvent } from "../events/event.ts";
import { eventTypeName } from "../events/event_type_name.ts";
import { layout } from "../events/layout.ts";
import { type WalkedEntry, walkEntries } from "../events/walk_entries.ts";
import { StoreError } from "../internal/errors.ts";
import type { StoredSegment } from "../store/read_store.ts";

/** An event in the store. */
export interface StoredEvent {
  readonly sequence: number;
  /** Unique for ever. */
  readonly id: string;
  /** The library's clock in the callout, ISO 8601 UTC with microseconds. */
  readonly time: string;
  /** Its type by name, `unknown(N)` when this version does not know it. */
  readonly type: string;
  /** When the host stored it, milliseconds since 1970 UTC. */
  readonly storedMs: number;
  /** What it says; `undefined` when this version does not know its type or payload. */
  readonly event: OnhookEvent | undefined;
}

/** An entry of a stored row, not decoded yet. */
export interface EntryInStore extends WalkedEntry {
  /** The bytes of the row. */
  readonly view: DataView;
  readonly storedMs: number;
}

/**
 * Walks over the entries of a stored row.
 *
 * @throws {StoreError} When the row is damaged.
 */
export function* entriesOf(segment: StoredSegment): Generator<EntryInStore, void> {
  const { bytes, storedMs } = segment;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    for (const entry of walkEntries(view)) yield { ...entry, view, storedMs };
  } catch (error) {
    throw damaged(segment.first, error);
  }
}

/**
 * Decodes an entry.
 *
 * @param attempt Which attempt the event is told to be.
 * @throws {StoreError} When the entry is damaged.
 */
export function storedEvent(entry: EntryInStore, attempt = 1): StoredEvent {
  const { view, offset, sequence, storedMs } = entry;
  try {
    const event = decodeEvent(view, offset, attempt);
    if (event !== undefined) {
      return { sequence, id: event.id, time: event.time, type: event.type, storedMs, event };
    }
  } catch (error) {
    throw damaged(sequence, error);
  }
  const position = view.getBigUint64(offset + layout.entry.position, true).toString(16);
  return {
    sequence,
    id: `${bootOf(entry)}-${position}`,
    time: timeText(entry.timeMicroseconds / 1000),
    type: eventTypeName(entry.type) ?? `unknown(${entry.type})`,
    storedMs,
    event: undefined,
  };
}

/** The identity of the service start that an entry is of, 16 hexadecimal digits. */
export function bootOf({ view, offset }: EntryInStore): string {
  return view.getBigUint64(offset + layout.entry.boot, true).toString(16).padStart(16, "0");
}

/** Whatever an entry of an unknown kind says must not end the command. */
function timeText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "unknown" : date.toISOString();
}

function damaged(sequence: number, error: unknown): unknown {
  if (!(error instanceof EntryError)) return error;
  return new StoreError(
    `Cannot read the store: event ${sequence}: ${error.message}, wanted an entry as the host ` +
      "stored it; the database is damaged",
    { cause: error },
  );
}
