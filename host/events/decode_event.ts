import { decodeConnection } from "./_decode_connection.ts";
import { decodeSessionEnd, isSyntheticEnd } from "./_decode_session_end.ts";
import { common, type OwnedEvent, withSession } from "./_event_parts.ts";
import { readHex, readHex16 } from "./_number.ts";
import { decodePortEvent } from "./decode_port_event.ts";
import type { OnhookEvent, SessionEndEvent } from "./event.ts";
import { EventType } from "./event_type.ts";
import { layout } from "./layout.ts";

const header = layout.entry;

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
  return decodePortEvent(buffer, offset, attempt, decodeOwnedEvent);
}

function decodeOwnedEvent(
  type: number,
  view: DataView,
  offset: number,
  bytes: number,
  attempt: number,
): OwnedEvent | undefined {
  switch (type) {
    case EventType.connectionUp:
      return decodeConnectionEvent("connectionUp", view, offset, bytes, attempt);
    case EventType.connectionHangup:
      return decodeConnectionEvent("connectionHangup", view, offset, bytes, attempt);
    case EventType.reauthentication:
      return decodeConnectionEvent("reauthentication", view, offset, bytes, attempt);
    case EventType.sessionEnd:
      return decodeEnd(view, offset, bytes, attempt);
    default:
      return undefined;
  }
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
