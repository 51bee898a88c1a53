import { write64, writeUnits } from "./_write_number.ts";
import { EventType } from "./event_type.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";
import { sessionBytes, type SessionFields, writeSession } from "./session_fields.ts";

const at = sessionLayout.sessionEnd;
const link = sessionLayout.sessionLink;

/** Four counters as they are written into an entry. */
export interface CounterFields {
  readonly bytesTransmitted: number;
  readonly bytesReceived: number;
  readonly framesTransmitted: number;
  readonly framesReceived: number;
}

/** A link of a session as it is written into an entry. */
export interface LinkFields {
  readonly port?: number | bigint | string | undefined;
  readonly portName?: string | undefined;
  /** Microseconds since 1970 UTC. */
  readonly upUs?: number | bigint | undefined;
  /** Microseconds since 1970 UTC. */
  readonly downUs?: number | bigint | undefined;
  readonly seconds?: number | undefined;
  readonly counters?: CounterFields | undefined;
  readonly mayHaveWrapped: boolean;
}

/** The end of a session as it is written into an entry. */
export interface SessionEndFields {
  /** Place in `sessionEndReasons`. */
  readonly reason: number;
  readonly isSynthetic: boolean;
  readonly isComplete: boolean;
  readonly mayHaveWrapped: boolean;
  /** Microseconds since 1970 UTC. */
  readonly startedUs: number | bigint;
  readonly durationSeconds: number;
  readonly links: readonly LinkFields[];
  readonly linksOmitted: number;
  readonly totals: CounterFields;
  readonly connection?: CounterFields | undefined;
  readonly connectionMayHaveWrapped: boolean;
  /** Left out when it is withheld. */
  readonly session?: SessionFields | undefined;
}

/** What stands in the header of the entry of a session's end. */
export interface SessionEndHeader {
  /** Place in the journal of the event that the session began with. */
  readonly position: number | bigint | string;
  readonly sequence: number;
  /** Microseconds since 1970 UTC. */
  readonly timeUs: number | bigint;
  /** Identity of the service start, 16 hexadecimal digits. */
  readonly boot: string;
}

/** The exact length of the entry of a session's end. */
export function sessionEndBytes({ links, session }: SessionEndFields): number {
  const fixed = at.link + links.length * link.bytes;
  return session === undefined ? fixed : fixed + sessionBytes(session);
}

/**
 * Writes the entry of a session's end, its header included. It takes {@linkcode sessionEndBytes},
 * all of which are written.
 */
export function writeSessionEnd(
  view: DataView,
  offset: number,
  header: SessionEndHeader,
  end: SessionEndFields,
): void {
  const bytes = sessionEndBytes(end);
  new Uint8Array(view.buffer, view.byteOffset + offset, bytes).fill(0);
  const sessionAt = at.link + end.links.length * link.bytes;
  const { entry } = layout;
  write64(view, offset + entry.position, header.position);
  write64(view, offset + entry.sequence, header.sequence);
  write64(view, offset + entry.time, header.timeUs);
  view.setUint32(offset + entry.boot + 4, Number.parseInt(header.boot.slice(0, 8), 16), true);
  view.setUint32(offset + entry.boot, Number.parseInt(header.boot.slice(8), 16), true);
  view.setUint32(offset + entry.bytes, bytes, true);
  view.setUint16(offset + entry.type, EventType.sessionEnd, true);
  view.setUint16(offset + entry.payloadVersion, layout.payloadVersion, true);
  const word = end.session === undefined ? sessionLayout.sessionWord.withheld : sessionAt;
  view.setUint32(offset + entry.reserved, word, true);
  writeFacts(view, offset, end);
  end.links.forEach((each, index) => {
    writeLink(view, offset + at.link + index * link.bytes, each);
  });
  if (end.session !== undefined) writeSession(view, offset + sessionAt, end.session);
}

function writeFacts(view: DataView, offset: number, end: SessionEndFields): void {
  const { connection, totals } = end;
  view.setUint8(offset + at.reason, end.reason);
  const flags = (end.isSynthetic ? 1 : 0) | (end.isComplete ? 2 : 0) |
    (end.mayHaveWrapped ? 4 : 0) | (connection !== undefined ? 8 : 0) |
    (end.connectionMayHaveWrapped ? 16 : 0);
  view.setUint8(offset + at.flags, flags);
  view.setUint16(offset + at.links, end.links.length, true);
  view.setUint32(offset + at.linksOmitted, end.linksOmitted, true);
  write64(view, offset + at.startedAt, end.startedUs);
  write64(view, offset + at.bytesTransmitted, totals.bytesTransmitted);
  write64(view, offset + at.bytesReceived, totals.bytesReceived);
  write64(view, offset + at.framesTransmitted, totals.framesTransmitted);
  write64(view, offset + at.framesReceived, totals.framesReceived);
  view.setUint32(offset + at.duration, end.durationSeconds, true);
  if (connection !== undefined) {
    writeCounters(view, offset + at.connectionBytesTransmitted, connection);
  }
}

function writeLink(view: DataView, offset: number, each: LinkFields): void {
  const { port, portName, upUs, downUs, seconds, counters } = each;
  if (port !== undefined) write64(view, offset + link.portHandle, port);
  if (upUs !== undefined) write64(view, offset + link.upAt, upUs);
  if (downUs !== undefined) write64(view, offset + link.downAt, downUs);
  if (seconds !== undefined) view.setUint32(offset + link.connectDuration, seconds, true);
  if (counters !== undefined) writeCounters(view, offset + link.bytesTransmitted, counters);
  const flags = (port !== undefined ? 1 : 0) | (upUs !== undefined ? 2 : 0) |
    (downUs !== undefined ? 4 : 0) | (seconds !== undefined ? 8 : 0) |
    (counters !== undefined ? 16 : 0) | (each.mayHaveWrapped ? 32 : 0) |
    (portName !== undefined ? 64 : 0);
  view.setUint8(offset + link.flags, flags);
  const name = (portName ?? "").slice(0, layout.textUnitsMax.portName);
  view.setUint8(offset + link.portNameUnits, name.length);
  writeUnits(view, offset + link.portName, name);
}

function writeCounters(view: DataView, offset: number, counters: CounterFields): void {
  view.setUint32(offset, counters.bytesTransmitted, true);
  view.setUint32(offset + 4, counters.bytesReceived, true);
  view.setUint32(offset + 8, counters.framesTransmitted, true);
  view.setUint32(offset + 12, counters.framesReceived, true);
}
