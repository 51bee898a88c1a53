import type { SessionEndEvent } from "onhook";

/** One session as it is written down; what nobody knows is `null`. */
export interface SessionRow {
  /** The event's id: unique for ever, the same after a redelivery. */
  readonly id: string;
  /** UTC day that it ended on, `2026-11-22`. */
  readonly day: string;
  /** `DOMAIN\name`, else `name@realm`, else `name`. */
  readonly account: string | null;
  /** The user as RAS gave it. */
  readonly user: string | null;
  readonly computer: string | null;
  readonly clientAddress: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly durationSeconds: number;
  readonly links: number;
  readonly bytesTransmitted: number;
  readonly bytesReceived: number;
  readonly framesTransmitted: number;
  readonly framesReceived: number;
  /** 1 when a counter may have started again at 0, so that the sums are the least. */
  readonly mayHaveWrapped: 0 | 1;
  /** 1 when every link was seen whole. */
  readonly complete: 0 | 1;
  /** 1 when the host has concluded the end, because RAS did not say it. */
  readonly synthetic: 0 | 1;
  readonly reason: string;
  /** How the host knows of the session. */
  readonly source: string;
}

/**
 * Makes a row of the end of a session.
 *
 * @throws {TypeError} When the registry entry leaves out `session`.
 */
export function sessionRow(event: SessionEndEvent): SessionRow {
  const { session, end } = event;
  if (session === undefined || end === undefined) {
    throw new TypeError(
      'Cannot account for the session: nothing is known of it, wanted "session" among the ' +
        '"fields" of the registry entry',
    );
  }
  const { totals } = end;
  return {
    id: event.id,
    day: end.endedAt.slice(0, "2026-11-22".length),
    account: session.account?.qualified ?? null,
    user: session.user ?? null,
    computer: session.computer ?? null,
    clientAddress: session.clientAddress ?? null,
    startedAt: end.startedAt,
    endedAt: end.endedAt,
    durationSeconds: end.durationSeconds,
    links: end.links.length + end.linksOmitted,
    bytesTransmitted: totals.bytesTransmitted,
    bytesReceived: totals.bytesReceived,
    framesTransmitted: totals.framesTransmitted,
    framesReceived: totals.framesReceived,
    mayHaveWrapped: totals.mayHaveWrapped ? 1 : 0,
    complete: end.complete ? 1 : 0,
    synthetic: event.synthetic ? 1 : 0,
    reason: end.reason,
    source: session.source,
  };
}
