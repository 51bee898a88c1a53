import { checkEntry } from "./_check_entry.ts";
import { decodeConnection } from "./_decode_connection.ts";
import { decodeLinkHangup } from "./_decode_link_hangup.ts";
import { decodeSession, decodeSessionEnd, isSyntheticEnd } from "./_decode_session.ts";
import { bitPairs, namesOf } from "./_names.ts";
import { readHex, readHex16, readSafe } from "./_number.ts";
import { readTime } from "./_time.ts";
import { viewOf } from "./_view.ts";
import { EntryError } from "./entry_error.ts";
import { EventType } from "./event_type.ts";
import { gapReasons } from "./gap_reason.ts";
import { layout } from "./layout.ts";
import type {
  GapEvent,
  OnhookEvent,
  Service,
  ServiceStopEvent,
  Session,
  SessionEndEvent,
} from "./event.ts";

const header = layout.entry;
const reasonPairs = bitPairs(gapReasons);

/**
 * Decodes one event entry. This is the hot path, so it is written by hand and does not run the
 * schema; a property test proves that the schema accepts all that it gives.
 *
 * Unpaired surrogates in texts become U+FFFD; numbers of states that this version does not know
 * become `unknown(N)`. Nothing outside of the entry is read, whatever its bytes say.
 *
 * @param buffer Bytes that hold the entry. A `DataView` spares making one for each call.
 * @param offset Where the entry starts in the buffer, a multiple of 8.
 * @param attempt 1, and more when the event is delivered again.
 * @returns The event, or `undefined` when this version does not know its type or the version of
 * its payload, as after a downgrade; such an entry is well-formed and can be passed over.
 * @throws {EntryError} When the entry contradicts itself or does not lie in the buffer.
 */
export function decodeEvent(
  buffer: Uint8Array | DataView,
  offset: number,
  attempt: number,
): OnhookEvent | undefined {
  const view = viewOf(buffer);
  const bytes = checkEntry(view, offset);
  if (view.getUint16(offset + header.payloadVersion, true) !== layout.payloadVersion) {
    return undefined;
  }
  switch (view.getUint16(offset + header.type, true)) {
    case EventType.linkHangup:
      return withSession(
        {
          type: "linkHangup",
          id: `${readHex16(view, offset + header.boot)}-${readHex(view, offset + header.position)}`,
          sequence: readSafe(view, offset + header.sequence, offset, "sequence"),
          time: readTime(view, offset + header.time, offset),
          attempt,
          port: decodeLinkHangup(view, offset, bytes),
        },
        view,
        offset,
        bytes,
      );
    case EventType.linkUp:
      return withSession(
        {
          type: "linkUp",
          ...common(view, offset, attempt),
          port: decodeLinkHangup(view, offset, bytes),
        },
        view,
        offset,
        bytes,
      );
    case EventType.connectionUp:
      return decodeConnectionEvent("connectionUp", view, offset, bytes, attempt);
    case EventType.connectionHangup:
      return decodeConnectionEvent("connectionHangup", view, offset, bytes, attempt);
    case EventType.reauthentication:
      return decodeConnectionEvent("reauthentication", view, offset, bytes, attempt);
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
    case EventType.sessionEnd:
      return decodeEnd(view, offset, bytes, attempt);
    default:
      return undefined;
  }
}

/** Events that are somebody's. */
type OwnedEvent = Extract<OnhookEvent, { session?: Session }>;

function withSession(
  event: OwnedEvent,
  view: DataView,
  entry: number,
  bytes: number,
): OwnedEvent {
  const session = decodeSession(view, entry, bytes);
  if (session !== undefined) event.session = session;
  return event;
}

function decodeConnectionEvent(
  type: "connectionUp" | "connectionHangup" | "reauthentication",
  view: DataView,
  entry: number,
  bytes: number,
  attempt: number,
): OwnedEvent {
  const connection = decodeConnection(view, entry, bytes, type === "reauthentication");
  const event = { type, ...common(view, entry, attempt), connection };
  return withSession(event, view, entry, bytes);
}

function decodeEnd(
  view: DataView,
  entry: number,
  bytes: number,
  attempt: number,
): OwnedEvent {
  const synthetic = isSyntheticEnd(view, entry, bytes);
  const end = decodeSessionEnd(view, entry, bytes);
  const event: SessionEndEvent = {
    type: "sessionEnd",
    ...common(view, entry, attempt),
    id: `${readHex16(view, entry + header.boot)}-end-${readHex(view, entry + header.position)}`,
    synthetic,
  };
  if (end !== undefined) event.end = end;
  return withSession(event, view, entry, bytes);
}

function wantBytes(bytes: number, wanted: number, entry: number): void {
  if (bytes < wanted) {
    throw new EntryError(`it has ${bytes} bytes, at least ${wanted} are wanted`, entry);
  }
}

function common(
  view: DataView,
  entry: number,
  attempt: number,
): Pick<OnhookEvent, "id" | "sequence" | "time" | "attempt"> {
  return {
    id: `${readHex16(view, entry + header.boot)}-${readHex(view, entry + header.position)}`,
    sequence: readSafe(view, entry + header.sequence, entry, "sequence"),
    time: readTime(view, entry + header.time, entry),
    attempt,
  };
}

function decodeService(view: DataView, entry: number): Service {
  const version = view.getUint32(entry + layout.serviceStart.libraryVersion, true);
  return {
    bootId: readHex16(view, entry + header.boot),
    processId: view.getUint32(entry + layout.serviceStart.processId, true),
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
      exact: view.getUint32(entry + at.exact, true) !== 0,
      firstTime: readTime(view, entry + at.firstTime, entry),
      lastTime: readTime(view, entry + at.lastTime, entry),
      reasons: namesOf(reasonPairs, view.getUint32(entry + at.reasons, true)),
    },
  };
}
