import { numberAt } from "./_names.ts";
import { writeTime } from "./_time.ts";
import { layout } from "./layout.ts";
import { sessionLayout } from "./session_layout.ts";
import type { OnhookEvent, SessionEndEvent } from "./schema.ts";
import {
  type Session,
  type SessionCounters,
  sessionEndReasons,
  type SessionLink,
} from "./session.ts";
import {
  type LinkFields,
  sessionEndBytes,
  type SessionEndFields,
  writeSessionEnd,
} from "./session_end_fields.ts";
import { type SessionFields, sessionSourceNumber } from "./session_fields.ts";

const noCounters: SessionCounters = {
  bytesTransmitted: 0,
  bytesReceived: 0,
  framesTransmitted: 0,
  framesReceived: 0,
  mayHaveWrapped: false,
};

/** What an event says of its session, or the word that stands for there being none. */
export function sessionFieldsOf(event: OnhookEvent): SessionFields | number {
  if (!("session" in event) || event.session === undefined) {
    const isOfNobody = event.type.startsWith("service") || event.type === "gap";
    return isOfNobody ? sessionLayout.sessionWord.unknown : sessionLayout.sessionWord.withheld;
  }
  return event.session.id === undefined
    ? sessionLayout.sessionWord.unknown
    : fieldsOf(event.session);
}

function fieldsOf(session: Session): SessionFields {
  const { id = "", connectedAt, linkCount = 0, isLastLink = false, uncertain = false } = session;
  const source = session.source === "observed"
    ? sessionSourceNumber.observed
    : session.source === "unknown"
    ? sessionSourceNumber.unknown
    : sessionSourceNumber.restored;
  return {
    ...session,
    position: `0x${id.slice(id.indexOf("-") + 1)}`,
    connectedAtUs: microseconds(connectedAt!),
    ...{ linkCount, isLastLink, isUncertain: uncertain, source },
  };
}

/** Encodes the end of a session, see `encodeEvent`. */
export function encodeSessionEnd(event: SessionEndEvent): Uint8Array<ArrayBuffer> {
  const { end, session, id, time, sequence, synthetic } = event;
  const dash = id.indexOf("-end-");
  const totals = end?.totals ?? noCounters;
  const fields: SessionEndFields = {
    reason: numberAt(sessionEndReasons, end?.reason),
    isSynthetic: synthetic,
    isComplete: end?.complete ?? false,
    mayHaveWrapped: totals.mayHaveWrapped,
    startedUs: microseconds(end?.startedAt ?? time),
    durationSeconds: end?.durationSeconds ?? 0,
    links: (end?.links ?? []).map(linkFieldsOf),
    linksOmitted: end?.linksOmitted ?? 0,
    totals,
    connection: end?.connection,
    connectionMayHaveWrapped: end?.connection?.mayHaveWrapped ?? false,
    session: session?.id === undefined ? undefined : fieldsOf(session),
  };
  const view = new DataView(new ArrayBuffer(sessionEndBytes(fields)));
  const header = {
    ...{ sequence, timeUs: microseconds(time), boot: id.slice(0, dash) },
    position: `0x${id.slice(dash + "-end-".length)}`,
  };
  writeSessionEnd(view, 0, header, fields);
  if (end === undefined) {
    const at = sessionLayout.sessionEnd.flags;
    view.setUint8(at, view.getUint8(at) | sessionLayout.sessionEnd.withheldFlag);
  }
  if (session !== undefined && session.id === undefined) {
    view.setUint32(layout.entry.reserved, sessionLayout.sessionWord.unknown, true);
  }
  return new Uint8Array(view.buffer);
}

function linkFieldsOf(link: SessionLink): LinkFields {
  return {
    port: link.portHandle,
    portName: link.portName,
    upUs: link.upAt === undefined ? undefined : microseconds(link.upAt),
    downUs: link.downAt === undefined ? undefined : microseconds(link.downAt),
    seconds: link.connectDurationSeconds,
    counters: link.counters,
    mayHaveWrapped: link.counters?.mayHaveWrapped ?? false,
  };
}

function microseconds(time: string): bigint {
  const view = new DataView(new ArrayBuffer(8));
  writeTime(view, 0, time);
  return view.getBigInt64(0, true);
}
