/**
 * What is known of a session. Everything in here is plain data, so that it can be stored as JSON.
 *
 * @module
 */

/** A handle or a place: a number as long as it is a safe integer, `0x…` otherwise. */
export type HandleKey = number | string;

/** Who a session belongs to; what RAS did not say, or said as an empty text, is left out. */
export interface Who {
  readonly user?: string | undefined;
  readonly domain?: string | undefined;
  readonly computer?: string | undefined;
  readonly clientAddress?: string | undefined;
}

/** Counters as RAS gives them: 32 bits each, starting again at 0 behind 4294967295. */
export interface Counters {
  readonly bytesTransmitted: number;
  readonly bytesReceived: number;
  readonly framesTransmitted: number;
  readonly framesReceived: number;
}

/** One link of a session. */
export interface LinkRecord {
  /** `hPort`. */
  readonly port: HandleKey;
  readonly name?: string | undefined;
  /** When it came up, microseconds since 1970 UTC; left out when that was not seen. */
  readonly upUs?: number | undefined;
  /** Calls that the port had served when the link came up. */
  readonly totalCalls?: number | undefined;
  /** When it was taken down, microseconds since 1970 UTC; left out while it is up. */
  downUs?: number;
  /** How long it lasted, as RAS says. */
  seconds?: number | undefined;
  counters?: Counters | undefined;
  /** False when no counter can have started again at 0. */
  mayHaveWrapped?: boolean | undefined;
  /** It came up after events were lost: nobody knows yet whether it is of this session. */
  isUnverified?: boolean;
  /** Its hangup was lost: the port has come up again since. */
  isLost?: boolean;
}

/** A session that has not ended. */
export interface SessionRecord {
  /** Identity of the service start, 16 hexadecimal digits. */
  readonly boot: string;
  /** `hConnection`. */
  readonly handle: HandleKey;
  /** Place in the journal of the event that it began with, unique within the boot. */
  readonly position: HandleKey;
  /** When it began, microseconds since 1970 UTC. */
  readonly beganUs: number;
  /** Whether its connection was seen to come up; otherwise it was a link only. */
  readonly isObserved: boolean;
  readonly guid?: string | undefined;
  who: Who;
  links: LinkRecord[];
  /** Links beyond those that are kept. */
  linksOmitted: number;
  /** Events were lost since: its handle may belong to somebody else by now. */
  isGapped: boolean;
  /** Events were lost while it was open, so its links and sums may not be all. */
  isUncertain: boolean;
  /** The hangup of the connection, once it has come. */
  hangup?: {
    readonly timeUs: number;
    readonly counters?: Counters | undefined;
    readonly seconds?: number | undefined;
  };
  /** Since when it waits for the rest of its end, the host's clock in milliseconds. */
  waitsSinceMs?: number;
  /** It has been given up on, although a link may still come: it only keeps its handle. */
  isSpent?: boolean;
  /** When it was last reported as open for very long, the host's clock in milliseconds. */
  reportedMs?: number;
}

/** The name of a session, unique for ever: that of the event that it began with. */
export function sessionId({ boot, position }: SessionRecord): string {
  return `${boot}-${typeof position === "number" ? position.toString(16) : position.slice(2)}`;
}
