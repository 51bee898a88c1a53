import type { sessionEndReasons } from "../events/session.ts";
import type { Counters, LinkRecord, SessionRecord } from "./session_record.ts";

/** Why a session has ended. */
export type EndReason = (typeof sessionEndReasons)[number];

/** A session that is over. */
export interface EndedSession {
  readonly session: SessionRecord;
  /** The session was open already when this host started. */
  readonly isRestored: boolean;
  readonly reason: EndReason;
  /** When it ended, microseconds since 1970 UTC. */
  readonly endedUs: number;
  /** RAS has not said that the connection is gone; the host has concluded it. */
  readonly isSynthetic: boolean;
  /** The links that are its own beyond doubt. */
  readonly links: readonly LinkRecord[];
  /** Sums over these links. */
  readonly totals: Counters;
  /** Whether a counter of a link may have started again at 0, so that a sum is the least. */
  readonly mayHaveWrapped: boolean;
  /** Whether the sums hold every link of the session. */
  readonly isComplete: boolean;
}

/** Adds a session up when it ends. */
export function endSession(
  session: SessionRecord,
  isRestored: boolean,
  endedUs: number,
  reason: EndReason,
): EndedSession {
  const links = session.links.filter(({ isUnverified }) => !isUnverified);
  const totals = {
    bytesTransmitted: 0,
    bytesReceived: 0,
    framesTransmitted: 0,
    framesReceived: 0,
  };
  let mayHaveWrapped = false;
  let isComplete = session.isObserved && !session.isUncertain && session.linksOmitted === 0;
  for (const { counters, mayHaveWrapped: wrapped } of links) {
    if (counters === undefined) {
      isComplete = false;
      continue;
    }
    totals.bytesTransmitted += counters.bytesTransmitted;
    totals.bytesReceived += counters.bytesReceived;
    totals.framesTransmitted += counters.framesTransmitted;
    totals.framesReceived += counters.framesReceived;
    mayHaveWrapped ||= wrapped !== false;
  }
  return {
    session,
    isRestored,
    reason,
    endedUs,
    links,
    totals,
    mayHaveWrapped,
    isComplete,
    isSynthetic: session.hangup === undefined,
  };
}
