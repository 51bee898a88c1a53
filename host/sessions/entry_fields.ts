import { sessionEndReasons } from "../events/session.ts";
import type { LinkFields, SessionEndFields } from "../events/session_end_fields.ts";
import { type SessionFields, sessionSourceNumber } from "../events/session_fields.ts";
import type { EndedSession } from "./end_session.ts";
import type { SessionFacts } from "./session_book.ts";
import type { LinkRecord } from "./session_record.ts";

const UINT32_MAX = 0xffff_ffff;

/** What an entry says of its session. */
export function sessionFields(facts: SessionFacts): SessionFields {
  const { session, isRestored, linkCount, isLastLink } = facts;
  const { position, beganUs, isObserved, isUncertain, who } = session;
  const { user, domain, computer, clientAddress } = who;
  return {
    position,
    linkCount,
    isLastLink,
    isUncertain,
    user,
    domain,
    computer,
    clientAddress,
    connectedAtUs: beganUs,
    source: !isObserved
      ? sessionSourceNumber.unknown
      : isRestored
      ? sessionSourceNumber.restored
      : sessionSourceNumber.observed,
  };
}

/** What the entry of a session's end says. */
export function sessionEndFields(ended: EndedSession): SessionEndFields {
  const { session, endedUs, totals, isComplete, mayHaveWrapped } = ended;
  const { beganUs, hangup, linksOmitted } = session;
  // What RAS counts is of no clock that somebody sets; 0 is what it says when it does not count.
  const seconds = hangup?.seconds || Math.floor((endedUs - beganUs) / 1_000_000);
  // The connection counts what its links count; only when all of them are known to be small in
  // sum, its own counters cannot have started again.
  const isSmall = isComplete && !mayHaveWrapped &&
    Object.values(totals).every((n) => n <= UINT32_MAX);
  return {
    isComplete,
    mayHaveWrapped,
    totals,
    linksOmitted,
    reason: sessionEndReasons.indexOf(ended.reason),
    isSynthetic: ended.isSynthetic,
    startedUs: beganUs,
    durationSeconds: Math.min(Math.max(seconds, 0), UINT32_MAX),
    links: ended.links.map(linkFields),
    connection: hangup?.counters,
    connectionMayHaveWrapped: !isSmall,
    session: sessionFields({
      session,
      isRestored: ended.isRestored,
      linkCount: 0,
      isLastLink: false,
    }),
  };
}

function linkFields(link: LinkRecord): LinkFields {
  const { port, name, upUs, downUs, seconds, counters, mayHaveWrapped } = link;
  return {
    port,
    portName: name,
    upUs,
    downUs,
    seconds,
    counters,
    mayHaveWrapped: counters !== undefined && mayHaveWrapped !== false,
  };
}
