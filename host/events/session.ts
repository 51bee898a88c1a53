/**
 * A session: the time that one user is connected, over one link or several. RAS has no such thing;
 * the host joins it from the events of connections and links. The shapes are in `schema.ts` as a
 * zod schema too, and the compiler proves there that both are one.
 *
 * @module
 */
import type { Account } from "./connection.ts";

/**
 * How the host knows of a session: it has seen it begin; it has seen it begin and was started again
 * since, so it had to look it up; it has not seen it begin, or does not know it at all.
 */
export type SessionSource = "observed" | "restored after a restart of the host" | "unknown";

/** Whose an event is. When the host does not know, there is `source` and nothing else. */
export interface Session {
  /** Unique for ever; the same in all events of the session. */
  id?: string;
  /** The user as RAS gave it: `name`, `DOMAIN\name` or `name@realm`; names a person. */
  user?: string;
  /** The domain that authenticated the user; names a person. */
  domain?: string;
  /** `user` and `domain` in one form; names a person. */
  account?: Account;
  /** The client's own name for itself; names a person. */
  computer?: string;
  /** The client's address inside the tunnel, as text; names a person. */
  clientAddress?: string;
  /** When it began: ISO 8601, UTC, with microseconds. */
  connectedAt?: string;
  /** Links that are up after this event. */
  linkCount?: number;
  /** Whether this event took the last link down. */
  isLastLink?: boolean;
  /** Events were lost while it was open: links, and with them sums, may be missing. */
  uncertain?: boolean;
  /** How the host knows. */
  source: SessionSource;
}

/**
 * The reasons for the end of a session; the place of each is its number in an entry.
 */
export const sessionEndReasons = [
  "hangup",
  "connectionHangupMissing",
  "linkHangupsMissing",
  "handleReused",
  "serviceRestarted",
  "serviceStopped",
  "hangupLost",
  "tooMany",
] as const satisfies readonly SessionEndReason[];

/** Why a session has ended; a number that this version does not know is kept as text. */
export type SessionEndReason =
  | "hangup"
  | "connectionHangupMissing"
  | "linkHangupsMissing"
  | "handleReused"
  | "serviceRestarted"
  | "serviceStopped"
  | "hangupLost"
  | "tooMany"
  | `unknown(${string})`;

/**
 * Counters of a session. Sums are exact: they add up 32-bit numbers of few links, so they stay far
 * below 2^53.
 */
export interface SessionCounters {
  /** Bytes from the server to the client. */
  bytesTransmitted: number;
  /** Bytes from the client to the server. */
  bytesReceived: number;
  /** Frames from the server to the client. */
  framesTransmitted: number;
  /** Frames from the client to the server. */
  framesReceived: number;
  /** A 32-bit counter in it may have started again at 0: the numbers are the least possible. */
  mayHaveWrapped: boolean;
}

/** One link of a session that is over. */
export interface SessionLink {
  /** `hPort`, as `0x…`. */
  portHandle?: string;
  /** Name of the port, such as `VPN2-127`. */
  portName?: string;
  /** When it came up; absent when that was not seen. */
  upAt?: string;
  /** When it was taken down; absent when that was not seen. */
  downAt?: string;
  /** How long RAS says that it lasted, in seconds. */
  connectDurationSeconds?: number;
  /** What it carried; absent when its hangup was not seen. */
  counters?: SessionCounters;
}

/** What is known of a session that is over. */
export interface SessionEnd {
  /** What the end was concluded from. */
  reason: SessionEndReason;
  /** When it began: ISO 8601, UTC, with microseconds. */
  startedAt: string;
  /** When it ended, as far as the host knows. */
  endedAt: string;
  /** How long RAS says that it lasted, else from begin to end by the service's clock. */
  durationSeconds: number;
  /** Whether every link was seen from its begin to its end, so that the sums are all. */
  complete: boolean;
  /** The links that are its own beyond doubt. */
  links: SessionLink[];
  /** Links beyond those that are kept apart. */
  linksOmitted: number;
  /** Sums over `links`. */
  totals: SessionCounters;
  /** What RAS said of the whole connection when it ended; absent when it did not. */
  connection?: SessionCounters;
}
