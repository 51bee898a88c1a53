import { uint16, uint32 } from "../events/little_endian.ts";
import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { readHex, readHex16, readText } from "../events/read_raw.ts";
import type { ConnectionInput, LinkInput, ServiceInput, SessionInput } from "./session_input.ts";
import type { Counters, HandleKey, Who } from "./session_record.ts";

const entryAt = layout.entry;
const port = layout.linkHangup;
const connection = layout.connection;
const again = layout.reauthentication;
const from = layout.connection3GivenFrom;

/** Above this, the upper half of a 64-bit number does not fit into a safe integer. */
const SAFE_UPPER_END = 0x20_0000;
/** 2^32 bytes in bits: from this product of seconds and bits per second on, counters may wrap. */
const WRAP_BITS = 0x1_0000_0000 * 8;
/** The years 1970 to 9999: a time beyond them would make all of a session's events unreadable. */
const TIME_US_MAX = 253_402_300_799_999_999;
const TEXTS = 12;

/** Looks a handle up before more of an event is read: most hangups may be nobody's. */
export type IsKnown = (boot: string, handle: HandleKey) => boolean;

/**
 * Reads of an entry what concerns sessions. This is the host's hot path, so nothing is decoded that
 * is not needed. Whatever the entry says, nothing outside of it is read.
 *
 * @param entry Where it starts in `view`; its header has been checked.
 * @param bytes Its exact length.
 * @param isKnown Whether a session is open under a handle.
 * @returns `undefined` when it concerns no session, or contradicts itself.
 */
export function readSessionInput(
  view: DataView,
  entry: number,
  bytes: number,
  isKnown: IsKnown,
): SessionInput | undefined {
  if (uint16(view, entry + entryAt.payloadVersion) !== layout.payloadVersion) {
    return undefined;
  }
  switch (uint16(view, entry + entryAt.type)) {
    case EventType.linkHangup:
      return readLinkHangup(view, entry, bytes, isKnown);
    case EventType.linkUp:
      return bytes < port.text ? undefined : readLink("linkUp", view, entry, bytes);
    case EventType.connectionUp:
      return readConnection("connectionUp", view, entry, bytes);
    case EventType.connectionHangup:
      return readConnection("connectionHangup", view, entry, bytes);
    case EventType.reauthentication:
      return readConnection("reauthentication", view, entry, bytes);
    case EventType.serviceStart:
      return readService("serviceStart", view, entry);
    case EventType.serviceStop:
      return readService("serviceStop", view, entry);
    case EventType.gap:
      return { kind: "gap" };
    default:
      return undefined;
  }
}

function readService(
  kind: ServiceInput["kind"],
  view: DataView,
  entry: number,
): ServiceInput {
  return {
    kind,
    boot: readHex16(view, entry + entryAt.boot),
    position: readKey(view, entry + entryAt.position) ?? 0,
    timeUs: readTimeUs(view, entry),
  };
}

function readTimeUs(view: DataView, entry: number): number {
  const time = view.getInt32(entry + entryAt.time + 4, true) * 0x1_0000_0000 +
    uint32(view, entry + entryAt.time);
  return Math.min(Math.max(time, 0), TIME_US_MAX);
}

/** A 64-bit number; `undefined` when it is 0, which is no handle. */
function readKey(view: DataView, offset: number): HandleKey | undefined {
  const upper = uint32(view, offset + 4);
  if (upper >= SAFE_UPPER_END) return `0x${readHex(view, offset)}`;
  const value = upper * 0x1_0000_0000 + uint32(view, offset);
  return value === 0 ? undefined : value;
}

function readLinkHangup(
  view: DataView,
  entry: number,
  bytes: number,
  isKnown: IsKnown,
): LinkInput | undefined {
  if (bytes < port.text) return undefined;
  const half = (uint16(view, entry + port.present) & 1) !== 0
    ? port.port0ConnectionHandle
    : port.port1ConnectionHandle;
  const handle = readKey(view, entry + half);
  if (handle === undefined || !isKnown(readHex16(view, entry + entryAt.boot), handle)) {
    return undefined;
  }
  return readLink("linkHangup", view, entry, bytes);
}

function readLink(
  kind: LinkInput["kind"],
  view: DataView,
  entry: number,
  bytes: number,
): LinkInput {
  const present = uint16(view, entry + port.present);
  const has0 = (present & 1) !== 0;
  const has1 = (present & 2) !== 0;
  const handles = entry + (has0 ? port.port0Handle : port.port1Handle);
  const seconds = uint32(view, entry + port.connectDuration);
  const lineSpeed = uint32(view, entry + port.lineSpeed);
  // One literal, because this comes with every link that goes.
  return {
    kind,
    boot: readHex16(view, entry + entryAt.boot),
    position: readKey(view, entry + entryAt.position) ?? 0,
    timeUs: readTimeUs(view, entry),
    handle: readKey(view, handles + 8),
    port: readKey(view, handles),
    totalCalls: has0 ? uint32(view, entry + port.totalCalls) : undefined,
    seconds: has0 ? seconds : undefined,
    name: has0 && kind === "linkUp" ? readPortName(view, entry, bytes) : undefined,
    counters: has1 ? readCounters(view, entry + port.bytesTransmitted) : undefined,
    mayHaveWrapped: has0 && has1 ? seconds * lineSpeed >= WRAP_BITS : undefined,
  };
}

function readPortName(view: DataView, entry: number, bytes: number): string {
  const units = Math.min(
    uint16(view, entry + port.portNameUnits),
    layout.textUnitsMax.portName,
    (bytes - port.text) >>> 1,
  );
  return readText(view, entry + port.text, units);
}

function readCounters(view: DataView, offset: number): Counters {
  return {
    bytesTransmitted: uint32(view, offset),
    bytesReceived: uint32(view, offset + 4),
    framesTransmitted: uint32(view, offset + 8),
    framesReceived: uint32(view, offset + 12),
  };
}

function readConnection(
  kind: ConnectionInput["kind"],
  view: DataView,
  entry: number,
  bytes: number,
): ConnectionInput | undefined {
  const fixed = kind === "reauthentication" ? again.text : connection.text;
  if (bytes < fixed) return undefined;
  const present = uint16(view, entry + connection.present);
  const has = (structure: number) => (present & (1 << structure)) !== 0;
  const size3 = kind === "reauthentication" && has(3) ? uint32(view, entry + again.size) : 0;
  const who = readWho(view, entry, bytes, fixed, present, size3);
  if (who === undefined) return undefined;
  const handleAt = has(0)
    ? connection.handle0
    : has(1)
    ? connection.handle1
    : has(2)
    ? connection.handle2
    : size3 >= from.handle
    ? again.handle3
    : 0;
  const guidAt = has(2) ? connection.guid2 : size3 >= from.guid ? again.guid3 : 0;
  return {
    kind,
    boot: readHex16(view, entry + entryAt.boot),
    position: readKey(view, entry + entryAt.position) ?? 0,
    timeUs: readTimeUs(view, entry),
    who,
    handle: handleAt === 0 ? undefined : readKey(view, entry + handleAt),
    guid: guidAt === 0 ? undefined : readGuid(view, entry + guidAt),
    seconds: has(0) ? uint32(view, entry + connection.connectDuration) : undefined,
    counters: has(1) ? readCounters(view, entry + connection.bytesTransmitted) : undefined,
  };
}

/** The first text of each that is not empty; `undefined` when the texts are longer than the entry. */
function readWho(
  view: DataView,
  entry: number,
  bytes: number,
  fixed: number,
  present: number,
  size3: number,
): Who | undefined {
  const ends = [fixed];
  for (let i = 0; i < TEXTS; i++) {
    const units = uint16(view, entry + connection.interfaceNameUnits + i * 2);
    ends.push(ends[i]! + units * 2);
  }
  if (ends[TEXTS]! > bytes) return undefined;
  const { userName, logonDomain, remoteComputer, address } = layout.textUnitsMax;
  const text = (place: number, isGiven: boolean, unitsMax: number) => {
    const units = isGiven ? (ends[place + 1]! - ends[place]!) / 2 : 0;
    return readText(view, entry + ends[place]!, Math.min(units, unitsMax));
  };
  const has = (structure: number) => (present & (1 << structure)) !== 0;
  const user = text(1, has(0), userName) || text(6, has(2), userName) ||
    text(9, size3 >= from.user, userName);
  const clientAddress = text(5, has(1), address) || text(8, has(2), address) ||
    text(11, size3 >= from.clientAddress, address);
  return {
    user: user || undefined,
    domain: text(2, has(0), logonDomain) || undefined,
    computer: text(3, has(0), remoteComputer) || undefined,
    clientAddress: clientAddress || undefined,
  };
}

/** `undefined` when it is nothing but zeros. */
function readGuid(view: DataView, offset: number): string | undefined {
  const text = readHex(view, offset) + "-" + readHex(view, offset + 8);
  return text === "0-0" ? undefined : text;
}
