import { uint16, uint32 } from "./little_endian.ts";
import { checkEntry } from "./_check_entry.ts";
import { decodeLinkHangup } from "./_decode_link_hangup.ts";
import { common, withSession } from "./_event_parts.ts";
import { bitPairs, namesOf } from "./_names.ts";
import { readHex16, readSafe } from "./_number.ts";
import { readTime } from "./_time.ts";
import { viewOf } from "./_view.ts";
import { EntryError } from "./entry_error.ts";
import type { GapEvent, OnhookEvent, Service, ServiceStopEvent } from "./event.ts";
import { EventType } from "./event_type.ts";
import { gapReasons } from "./gap_reason.ts";
import { layout } from "./layout.ts";

/** Decodes an entry that has been checked; `undefined` when it does not know the type. */
export type DecodeOther = (
  type: number,
  view: DataView,
  entry: number,
  bytes: number,
  attempt: number,
) => OnhookEvent | undefined;

const header = layout.entry;
const reasonPairs = bitPairs(gapReasons);

/**
 * Decodes events of ports, of the service, and gaps, which is all that most plugins want. It stands
 * alone because the process of such a plugin then loads nothing of connections.
 *
 * @param buffer See `decodeEvent`, as for what else holds here.
 * @param decodeOther Decodes events of other types.
 * @returns `undefined` also when the event is of a type that nobody here decodes.
 * @throws {EntryError} When the entry contradicts itself or does not lie in the buffer.
 */
export function decodePortEvent(
  buffer: Uint8Array | DataView,
  offset: number,
  attempt: number,
  decodeOther?: DecodeOther,
): OnhookEvent | undefined {
  const view = viewOf(buffer);
  const bytes = checkEntry(view, offset);
  if (uint16(view, offset + header.payloadVersion) !== layout.payloadVersion) {
    return undefined;
  }
  const type = uint16(view, offset + header.type);
  switch (type) {
    case EventType.linkHangup:
      return decodeLinkEvent("linkHangup", view, offset, bytes, attempt);
    case EventType.linkUp:
      return decodeLinkEvent("linkUp", view, offset, bytes, attempt);
    case EventType.serviceStart:
      wantBytes(bytes, layout.serviceStart.bytes, offset);
      return {
        type: "serviceStart",
        ...common(view, offset, attempt),
        service: decodeService(view, offset),
      };
    case EventType.serviceStop:
      return decodeServiceStop(view, offset, bytes, attempt);
    case EventType.gap:
      return decodeGap(view, offset, bytes, attempt);
    default:
      return decodeOther?.(type, view, offset, bytes, attempt);
  }
}

function decodeLinkEvent(
  type: "linkHangup" | "linkUp",
  view: DataView,
  entry: number,
  bytes: number,
  attempt: number,
): OnhookEvent {
  const { id, sequence, time } = common(view, entry, attempt);
  const port = decodeLinkHangup(view, entry, bytes);
  return withSession({ type, id, sequence, time, attempt, port }, view, entry, bytes);
}

function wantBytes(bytes: number, wanted: number, entry: number): void {
  if (bytes < wanted) {
    throw new EntryError(`it has ${bytes} bytes, at least ${wanted} are wanted`, entry);
  }
}

function decodeService(view: DataView, entry: number): Service {
  const version = uint32(view, entry + layout.serviceStart.libraryVersion);
  return {
    bootId: readHex16(view, entry + header.boot),
    processId: uint32(view, entry + layout.serviceStart.processId),
    libraryVersion: `${version >>> 16}.${(version >>> 8) & 0xff}.${version & 0xff}`,
  };
}

function decodeServiceStop(
  view: DataView,
  entry: number,
  bytes: number,
  attempt: number,
): ServiceStopEvent {
  const at = layout.serviceStop;
  wantBytes(bytes, at.bytes, entry);
  return {
    type: "serviceStop",
    ...common(view, entry, attempt),
    service: {
      ...decodeService(view, entry),
      calloutsTotal: readSafe(view, entry + at.calloutsTotal, entry, "number of callouts"),
    },
  };
}

function decodeGap(view: DataView, entry: number, bytes: number, attempt: number): GapEvent {
  const at = layout.gap;
  wantBytes(bytes, at.bytes, entry);
  return {
    type: "gap",
    ...common(view, entry, attempt),
    // The place of a gap is a number of events, not of bytes, and is written as one.
    id: `${readHex16(view, entry + header.boot)}-gap-${
      view.getBigUint64(entry + header.position, true)
    }`,
    gap: {
      lost: readSafe(view, entry + at.lost, entry, "number of lost events"),
      exact: uint32(view, entry + at.exact) !== 0,
      firstTime: readTime(view, entry + at.firstTime, entry),
      lastTime: readTime(view, entry + at.lastTime, entry),
      reasons: namesOf(reasonPairs, uint32(view, entry + at.reasons)),
    },
  };
}
