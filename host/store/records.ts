/** How often events have been handed to a plugin: up to `to`, `attempt` times. */
export interface AttemptRun {
  /** The last sequence of the run. */
  readonly to: number;
  /** At least 1. */
  readonly attempt: number;
}

/** How far a plugin is. */
export interface Cursor {
  /** Every event up to this one is settled. */
  readonly settled: number;
  /** What has been handed to it beyond that, ascending. */
  readonly runs: readonly AttemptRun[];
}

/** An event that a plugin has failed on. */
export interface Failure {
  readonly plugin: string;
  readonly sequence: number;
  readonly attempt: number;
  readonly kind: "failed" | "timedOut" | "crashed";
  readonly message: string;
  readonly stack?: string | undefined;
  /** What the plugin wrote to its log in the last attempt. */
  readonly log: readonly { readonly level: string; readonly message: string }[];
}

/** Events that a plugin has settled in the ordinary way. */
export interface DoneRun {
  readonly plugin: string;
  readonly first: number;
  readonly last: number;
  readonly attempt: number;
  /** Whether the plugins behind it had gone on without it, because it was held or parked. */
  readonly isLate?: boolean;
}

/** Events that were dropped although a plugin was not done with them. */
export interface DroppedRun {
  readonly plugin: string;
  readonly first: number;
  readonly last: number;
}

/** What a plugin has done once in an event. */
export interface KeptOnce {
  readonly plugin: string;
  readonly sequence: number;
  readonly key: string;
  /** What came of it, as JSON. */
  readonly outcome: string;
}

/** What a command asks of the running host. */
export interface StoreRequest {
  readonly id: number;
  readonly kind: string;
  readonly plugin: string;
  /** The event that it is about, if any. */
  readonly sequence: number | null;
}

/** Requests by the plugin that they are about. */
export type StoreRequests = ReadonlyMap<string, readonly StoreRequest[]>;

/** Limits of what the store keeps of events. */
export interface Retention {
  /** Older ones are dropped. */
  readonly ageMsMax: number;
  /** The oldest are dropped when the events, and all that is kept of them, are more bytes than this. */
  readonly bytesMax: number;
}

/** What `prune` dropped. */
export interface Pruned {
  readonly events: number;
  /** Dead letters among them that were never settled after all. */
  readonly deadLetters: number;
  /** Whether there is more to drop than is dropped at a time. */
  readonly hasMore: boolean;
}
