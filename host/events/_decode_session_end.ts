import { uint16, uint32 } from "./little_endian.ts";
import { indexedName } from "./_names.ts";
import { readHex, readSafe } from "./_number.ts";
import { readText } from "./_text.ts";
import { readTime } from "./_time.ts";
import { EntryError } from "./entry_error.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";
import {
  type SessionCounters,
  type SessionEnd,
  sessionEndReasons,
  type SessionLink,
} from "./session.ts";

const end = sessionLayout.sessionEnd;
const linkAt = sessionLayout.sessionLink;

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
  const count = uint16(view, entry + end.links);
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
    durationSeconds: uint32(view, entry + end.duration),
    complete: (flags & 2) !== 0,
    links,
    linksOmitted: uint32(view, entry + end.linksOmitted),
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
    link.connectDurationSeconds = uint32(view, offset + linkAt.connectDuration);
  }
  if ((flags & 16) !== 0) {
    const counters = offset + linkAt.bytesTransmitted;
    link.counters = decodeCounters(view, counters, (flags & 32) !== 0);
  }
  return link;
}

function decodeCounters(view: DataView, offset: number, mayHaveWrapped: boolean): SessionCounters {
  return {
    bytesTransmitted: uint32(view, offset),
    bytesReceived: uint32(view, offset + 4),
    framesTransmitted: uint32(view, offset + 8),
    framesReceived: uint32(view, offset + 12),
    mayHaveWrapped,
  };
}
