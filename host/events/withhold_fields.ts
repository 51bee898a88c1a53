import { uint16, uint32 } from "./little_endian.ts";
import { EventType } from "./event_type.ts";
import { grantBit } from "./field_grants.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";

const header = layout.entry;
const port = layout.linkHangup;
const connection = layout.connection;
const again = layout.reauthentication;
const session = sessionLayout.session;
const end = sessionLayout.sessionEnd;
const link = sessionLayout.sessionLink;

/** The field that each text of a connection belongs to, in their order; 0 for what names nobody. */
const connectionTexts = [
  grantBit["connection.interfaceName"],
  grantBit["connection.user"],
  grantBit["connection.domain"],
  grantBit["connection.computer"],
  0,
  grantBit["connection.clientAddress"],
  grantBit["connection.user"],
  0,
  grantBit["connection.clientAddress"],
  grantBit["connection.user"],
  0,
  grantBit["connection.clientAddress"],
] as const;

const sessionTexts = [
  grantBit["session.user"],
  grantBit["session.domain"],
  grantBit["session.computer"],
  grantBit["session.clientAddress"],
] as const;

/** What an entry of a type has at least. */
const fixedBytes: Readonly<Record<number, number>> = {
  [EventType.linkHangup]: port.text,
  [EventType.linkUp]: port.text,
  [EventType.connectionUp]: connection.text,
  [EventType.connectionHangup]: connection.text,
  [EventType.reauthentication]: again.text,
  [EventType.sessionEnd]: end.link,
};

const PORT_AND_SESSION = grantBit.port | grantBit.session;
/** Type and payload version of a hangup in one. */
const PLAIN_HANGUP = EventType.linkHangup | layout.payloadVersion << 16;

/** Fields of a link's flags that say that its port is there. */
const LINK_PORT_FLAGS = 1 | 64;

/**
 * Takes out of consecutive entries what a plugin is not granted, in place: the entries move
 * together, so not even the length of a name is left. Each entry stays one that can be decoded.
 *
 * @param bytes The entries stand in it from `start` on, each padded to a multiple of 8.
 * @param count How many there are.
 * @param grants A mask of `grantBit`s.
 * @returns Where the last entry ends now; what lies behind it is left over.
 */
export function withholdFields(
  bytes: Uint8Array,
  start: number,
  count: number,
  grants: number,
): number {
  const cut = new Cut(bytes, grants);
  const { view } = cut;
  // Most entries are hangups that nobody is named in: they stay as they are, and mostly in place.
  const hasBoth = (grants & PORT_AND_SESSION) === PORT_AND_SESSION;
  let from = start;
  let to = start;
  for (let i = 0; i < count; i++) {
    const next = from + padded(uint32(view, from + header.bytes));
    const isPlain = hasBoth && uint32(view, from + header.type) === PLAIN_HANGUP &&
      uint32(view, from + header.reserved) === sessionLayout.sessionWord.unknown;
    if (!isPlain) to = cut.entry(from, next, to);
    else {
      if (to !== from) bytes.copyWithin(to, from, next);
      to += next - from;
    }
    from = next;
  }
  return to;
}

function padded(bytes: number): number {
  return (bytes + layout.alignment - 1) & ~(layout.alignment - 1);
}

/** Moves entries to lower places; what is still to be read is never overwritten. */
class Cut {
  readonly view: DataView;
  readonly #bytes: Uint8Array;
  readonly #grants: number;

  constructor(bytes: Uint8Array, grants: number) {
    this.#bytes = bytes;
    this.#grants = grants;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @returns Where the entry ends at its new place, padding included. */
  entry(from: number, next: number, to: number): number {
    const { view } = this;
    const type = uint16(view, from + header.type);
    const word = uint32(view, from + header.reserved);
    const isKnown = uint16(view, from + header.payloadVersion) === layout.payloadVersion;
    // One that is too short for its type says nothing, and must not reach into the next one.
    if (!isKnown || next - from < (fixedBytes[type] ?? 0)) return this.#headerOnly(from, to);
    switch (type) {
      case EventType.linkHangup:
      case EventType.linkUp:
        return this.#link(from, next, to, word);
      case EventType.connectionUp:
      case EventType.connectionHangup:
        return this.#connection(from, next, to, word, connection.text);
      case EventType.reauthentication:
        return this.#connection(from, next, to, word, again.text);
      case EventType.sessionEnd:
        return this.#sessionEnd(from, next, to, word);
      case EventType.serviceStart:
      case EventType.serviceStop:
      case EventType.gap:
        this.#bytes.copyWithin(to, from, next);
        return to + next - from;
      default:
        return this.#headerOnly(from, to);
    }
  }

  /** Of what nobody here knows, nobody knows whom it names. */
  #headerOnly(from: number, to: number): number {
    this.#bytes.copyWithin(to, from, from + header.payload);
    return this.#close(to, to + header.payload, sessionLayout.sessionWord.withheld);
  }

  #link(from: number, next: number, to: number, word: number): number {
    const hasSession = word >= port.text && from + word <= next;
    const ownEnd = hasSession ? from + word : next;
    if ((this.#grants & grantBit.port) !== 0) {
      this.#bytes.copyWithin(to, from, ownEnd);
      if (hasSession) return this.#session(from, next, to, to + ownEnd - from, word);
      // Without a session the entry ends where it did, before its padding.
      const { unknown, withheld } = sessionLayout.sessionWord;
      const isUnknown = word === unknown && (this.#grants & grantBit.session) !== 0;
      const bytes = uint32(this.view, to + header.bytes);
      return this.#end(to, to + ownEnd - from, bytes, isUnknown ? unknown : withheld);
    }
    this.#bytes.copyWithin(to, from, from + header.payload);
    this.#bytes.fill(0, to + header.payload, to + port.text);
    return this.#session(from, next, to, to + port.text, word);
  }

  #connection(from: number, next: number, to: number, word: number, fixed: number): number {
    const grants = this.#grants;
    const isGranted = (grants & grantBit.connection) !== 0;
    this.#bytes.copyWithin(to, from, from + fixed);
    if (!isGranted) {
      this.#bytes.fill(0, to + header.payload, to + fixed);
      return this.#session(from, next, to, to + fixed, word);
    }
    const canSeeAddress = (grants & grantBit["connection.clientAddress"]) !== 0;
    if (fixed === again.text && !canSeeAddress) {
      this.#bytes.fill(0, to + again.ipv6RemoteInterfaceId, to + again.ipv6RemoteInterfaceId + 8);
      this.#bytes.fill(0, to + again.ipv6Prefix, to + again.ipv6PrefixLength + 4);
    }
    const textsEnd = this.#texts(
      ...[from + fixed, next, to + fixed, to + connection.interfaceNameUnits] as const,
      connectionTexts,
    );
    const own = padded(textsEnd - to);
    this.#bytes.fill(0, textsEnd, to + own);
    return this.#session(from, next, to, to + own, word);
  }

  /**
   * Moves the texts that are granted and sets the lengths of the others to 0.
   *
   * @param unitsAt Where the lengths stand, already at their new place.
   * @returns Where the last one ends.
   */
  #texts(
    from: number,
    next: number,
    to: number,
    unitsAt: number,
    fields: readonly number[],
  ): number {
    const { view } = this;
    for (const [place, field] of fields.entries()) {
      const length = uint16(view, unitsAt + place * 2) * 2;
      const isGranted = (this.#grants & field) === field && from + length <= next;
      if (isGranted) {
        this.#bytes.copyWithin(to, from, from + length);
        to += length;
      } else view.setUint16(unitsAt + place * 2, 0, true);
      from += length;
    }
    return to;
  }

  #sessionEnd(from: number, next: number, to: number, word: number): number {
    const { view } = this;
    const count = uint16(view, from + end.links);
    const linksEnd = end.link + count * link.bytes;
    if ((this.#grants & grantBit.session) === 0 || from + linksEnd > next) {
      const synthetic = view.getUint8(from + end.flags) & 1;
      this.#bytes.copyWithin(to, from, from + header.payload);
      this.#bytes.fill(0, to + header.payload, to + end.link);
      view.setUint8(to + end.flags, synthetic | end.withheldFlag);
      return this.#close(to, to + end.link, sessionLayout.sessionWord.withheld);
    }
    this.#bytes.copyWithin(to, from, from + linksEnd);
    if ((this.#grants & grantBit.port) === 0) {
      for (let at = to + end.link; at < to + linksEnd; at += link.bytes) {
        this.#bytes.fill(0, at + link.portHandle, at + link.portHandle + 8);
        this.#bytes.fill(0, at + link.portNameUnits, at + link.bytes);
        view.setUint8(at + link.flags, view.getUint8(at + link.flags) & ~LINK_PORT_FLAGS);
      }
    }
    return this.#session(from, next, to, to + linksEnd, word);
  }

  /** Moves what is granted of the session behind the rest of its entry and closes the entry. */
  #session(from: number, next: number, to: number, ownEnd: number, word: number): number {
    const { unknown, withheld } = sessionLayout.sessionWord;
    if ((this.#grants & grantBit.session) === 0) return this.#close(to, ownEnd, withheld);
    if (word === unknown) return this.#close(to, ownEnd, unknown);
    const fixedEnd = from + word + session.text;
    // It stands behind the rest of the entry, so that moving it never makes the entry longer.
    if (word < ownEnd - to || fixedEnd > next) return this.#close(to, ownEnd, withheld);
    this.#bytes.copyWithin(ownEnd, from + word, fixedEnd);
    const textsEnd = this.#texts(
      ...[fixedEnd, next, ownEnd + session.text, ownEnd + session.userUnits] as const,
      sessionTexts,
    );
    return this.#close(to, textsEnd, ownEnd - to);
  }

  #close(to: number, ownEnd: number, word: number): number {
    return this.#end(to, ownEnd, ownEnd - to, word);
  }

  #end(to: number, ownEnd: number, bytes: number, word: number): number {
    this.view.setUint32(to + header.bytes, bytes, true);
    this.view.setUint32(to + header.reserved, word, true);
    const next = to + padded(ownEnd - to);
    this.#bytes.fill(0, ownEnd, next);
    return next;
  }
}
