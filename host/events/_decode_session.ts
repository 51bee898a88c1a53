import { indexedName } from "./_names.ts";
import { readHex, readHex16, readSafe } from "./_number.ts";
import { readText } from "./_text.ts";
import { readTime } from "./_time.ts";
import { EntryError } from "./entry_error.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";
import { normalizeUser } from "./normalize_user.ts";
import {
  type Session,
  type SessionCounters,
  type SessionEnd,
  sessionEndReasons,
  type SessionLink,
} from "./session.ts";

const at = sessionLayout.session;
const end = sessionLayout.sessionEnd;
const linkAt = sessionLayout.sessionLink;
const max = layout.textUnitsMax;
const { withheld, unknown } = sessionLayout.sessionWord;

const sources: readonly Session["source"][] = [
  "unknown",
  "observed",
  "restored after a restart of the host",
];
/** The same for all events of nobody: most hangups are one while nothing was seen to come up. */
const nobody: Session = Object.freeze({ source: "unknown" });

/** Reads whose an event is; `undefined` when the plugin is not granted to know. */
export function decodeSession(view: DataView, entry: number, bytes: number): Session | undefined {
  const word = view.getUint32(entry + layout.entry.reserved, true);
  if (word === unknown) return nobody;
  if (word === withheld) return undefined;
  if (word < layout.entry.payload || word + at.text > bytes) {
    throw new EntryError(`its session stands at ${word}, a place inside is wanted`, entry);
  }
  const start = entry + word;
  const userUnits = view.getUint16(start + at.userUnits, true);
  const domainUnits = view.getUint16(start + at.domainUnits, true);
  const computerUnits = view.getUint16(start + at.computerUnits, true);
  const addressUnits = view.getUint16(start + at.clientAddressUnits, true);
  const areTooLong = userUnits > max.userName || domainUnits > max.logonDomain ||
    computerUnits > max.remoteComputer || addressUnits > max.address;
  const domainAt = start + at.text + userUnits * 2;
  const computerAt = domainAt + domainUnits * 2;
  const addressAt = computerAt + computerUnits * 2;
  if (areTooLong || addressAt + addressUnits * 2 > entry + bytes) {
    throw new EntryError("the texts of its session are longer than they can be", entry);
  }
  const flags = view.getUint8(start + at.flags);
  const boot = readHex16(view, entry + layout.entry.boot);
  const session: Session = {
    id: `${boot}-${readHex(view, start + at.position)}`,
    source: "unknown",
  };
  if (userUnits > 0) session.user = readText(view, start + at.text, userUnits);
  if (domainUnits > 0) session.domain = readText(view, domainAt, domainUnits);
  const account = normalizeUser(session.user ?? "", session.domain);
  if (account !== undefined) session.account = account;
  if (computerUnits > 0) session.computer = readText(view, computerAt, computerUnits);
  if (addressUnits > 0) session.clientAddress = readText(view, addressAt, addressUnits);
  session.connectedAt = readTime(view, start + at.connectedAt, entry);
  session.linkCount = view.getUint16(start + at.linkCount, true);
  session.isLastLink = (flags & 1) !== 0;
  session.uncertain = (flags & 2) !== 0;
  session.source = sources[view.getUint8(start + at.source)] ?? "unknown";
  return session;
}

/** Whether RAS did not say that the session is over. */
export function isSyntheticEnd(view: DataView, entry: number, bytes: number): boolean {
  if (bytes < end.link) {
    throw new EntryError(`it has ${bytes} bytes, at least ${end.link} are wanted`, entry);
  }
  return (view.getUint8(entry + end.flags) & 1) !== 0;
}

/** Reads the end of a session; `undefined` when the plugin is not granted to know. */
export function decodeSessionEnd(
  view: DataView,
  entry: number,
  bytes: number,
): SessionEnd | undefined {
  const flags = view.getUint8(entry + end.flags);
  if ((flags & end.withheldFlag) !== 0) return undefined;
  const count = view.getUint16(entry + end.links, true);
  if (end.link + count * linkAt.bytes > bytes) {
    throw new EntryError(`it has ${bytes} bytes, its ${count} links want more`, entry);
  }
  const links = Array.from(
    { length: count },
    (_, index) => decodeLink(view, entry + end.link + index * linkAt.bytes, entry),
  );
  const sum = (offset: number) => readSafe(view, entry + offset, entry, "sum");
  const known: SessionEnd = {
    reason: indexedName(sessionEndReasons, view.getUint8(entry + end.reason)),
    startedAt: readTime(view, entry + end.startedAt, entry),
    endedAt: readTime(view, entry + layout.entry.time, entry),
    durationSeconds: view.getUint32(entry + end.duration, true),
    complete: (flags & 2) !== 0,
    links,
    linksOmitted: view.getUint32(entry + end.linksOmitted, true),
    totals: {
      bytesTransmitted: sum(end.bytesTransmitted),
      bytesReceived: sum(end.bytesReceived),
      framesTransmitted: sum(end.framesTransmitted),
      framesReceived: sum(end.framesReceived),
      mayHaveWrapped: (flags & 4) !== 0,
    },
  };
  if ((flags & 8) !== 0) {
    const offset = entry + end.connectionBytesTransmitted;
    known.connection = decodeCounters(view, offset, (flags & 16) !== 0);
  }
  return known;
}

function decodeLink(view: DataView, offset: number, entry: number): SessionLink {
  const flags = view.getUint8(offset + linkAt.flags);
  const units = view.getUint8(offset + linkAt.portNameUnits);
  if (units > layout.textUnitsMax.portName) {
    throw new EntryError(
      `the name of a port has ${units} units, at most ${layout.textUnitsMax.portName} are wanted`,
      entry,
    );
  }
  const link: SessionLink = {};
  if ((flags & 1) !== 0) link.portHandle = `0x${readHex(view, offset + linkAt.portHandle)}`;
  if ((flags & 64) !== 0) link.portName = readText(view, offset + linkAt.portName, units);
  if ((flags & 2) !== 0) link.upAt = readTime(view, offset + linkAt.upAt, entry);
  if ((flags & 4) !== 0) link.downAt = readTime(view, offset + linkAt.downAt, entry);
  if ((flags & 8) !== 0) {
    link.connectDurationSeconds = view.getUint32(offset + linkAt.connectDuration, true);
  }
  if ((flags & 16) !== 0) {
    const counters = offset + linkAt.bytesTransmitted;
    link.counters = decodeCounters(view, counters, (flags & 32) !== 0);
  }
  return link;
}

function decodeCounters(view: DataView, offset: number, mayHaveWrapped: boolean): SessionCounters {
  return {
    bytesTransmitted: view.getUint32(offset, true),
    bytesReceived: view.getUint32(offset + 4, true),
    framesTransmitted: view.getUint32(offset + 8, true),
    framesReceived: view.getUint32(offset + 12, true),
    mayHaveWrapped,
  };
}
