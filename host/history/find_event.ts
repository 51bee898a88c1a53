import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { InputError } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import type { ReadStore } from "../store/read_store.ts";
import { bootOf, entriesOf, type EntryInStore } from "./stored_event.ts";

/** Bytes of events in memory at a time. */
const READ_BYTES = 256 * 1024;
const SEQUENCE = /^#?(\d{1,15})$/;
const RECORD_ID = /^([0-9a-f]{16})-([0-9a-f]{1,16})$/;
const END_ID = /^([0-9a-f]{16})-end-([0-9a-f]{1,16})$/;
const GAP_ID = /^([0-9a-f]{16})-gap-(\d{1,20})$/;

/**
 * Finds an event in the store.
 *
 * @param text Its id, or its sequence.
 * @throws {InputError} When it is neither, or the event is not in the store.
 */
export function findEvent(store: ReadStore, text: string): EntryInStore {
  const sequence = SEQUENCE.exec(text)?.[1];
  const wanted = sequence === undefined ? identityOf(text) : undefined;
  if (sequence === undefined && wanted === undefined) {
    throw problem(text, "the id or the sequence of an event, such as 4711");
  }
  const found = sequence === undefined
    ? findBackwards(store, store.lastSequence, wanted!)
    : eventAt(store, Number(sequence));
  if (found !== undefined) return found;
  const { firstSequence: first, lastSequence: last } = store;
  const there = last === 0 ? "none is there yet" : `those from ${first} to ${last} are there`;
  throw problem(text, `an event that is in the store ${store.path}; ${there}`);
}

/** Reads one event by its sequence; `undefined` when it is not there. */
export function eventAt(store: ReadStore, sequence: number): EntryInStore | undefined {
  const [segment] = store.segmentsFrom(sequence, 1);
  if (segment === undefined || segment.first > sequence) return undefined;
  for (const entry of entriesOf(segment)) if (entry.sequence === sequence) return entry;
  return undefined;
}

/**
 * Searches from the newest event back, a few rows in memory at a time.
 *
 * @param from Where to begin.
 * @param matches Whether this is the one.
 */
export function findBackwards(
  store: ReadStore,
  from: number,
  matches: (entry: EntryInStore) => boolean,
): EntryInStore | undefined {
  for (let last = from; last > 0;) {
    const segments = store.segmentsUpTo(last, READ_BYTES);
    for (const segment of segments) {
      let found: EntryInStore | undefined;
      for (const entry of entriesOf(segment)) {
        if (entry.sequence <= from && matches(entry)) found = entry;
      }
      if (found !== undefined) return found;
    }
    last = (segments.at(-1)?.first ?? 1) - 1;
  }
  return undefined;
}

function identityOf(text: string): ((entry: EntryInStore) => boolean) | undefined {
  const [, boot, digits] = GAP_ID.exec(text) ?? END_ID.exec(text) ?? RECORD_ID.exec(text) ?? [];
  if (boot === undefined || digits === undefined) return undefined;
  const isGap = GAP_ID.test(text);
  const isEnd = END_ID.test(text);
  const position = BigInt(isGap ? digits : `0x${digits}`);
  return (entry) =>
    (entry.type === EventType.gap) === isGap && (entry.type === EventType.sessionEnd) === isEnd &&
    bootOf(entry) === boot &&
    entry.view.getBigUint64(entry.offset + layout.entry.position, true) === position;
}

function problem(text: string, wanted: string): InputError {
  return new InputError("Cannot find the event", [
    { source: "command line", place: "EVENT", found: describeValue(text), wanted },
  ]);
}
