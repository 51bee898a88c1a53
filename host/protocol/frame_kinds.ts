/** Frame kinds from the host to a plugin's process. */
export const TO_PLUGIN = {
  /** `StartMessage` as JSON; nothing of the plugin runs before it has come. */
  start: 1,
  /** A batch of events, see `encode_events_frame.ts`. */
  events: 2,
  /** Finish what is in hand, then go; no payload. */
  stop: 3,
  /** Goes on after a failure that halted the runner (`haltOnFailure`); no payload. */
  resume: 4,
  /** `KnownMessage` as JSON; goes before the events that its event is among. */
  known: 5,
  /** `KeptMessage` as JSON: what a `keep` said is stored. */
  kept: 6,
} as const;

/** Frame kinds from a plugin's process to the host. */
export const FROM_PLUGIN = {
  /** `ReadyMessage` as JSON. */
  ready: 1,
  /** Binary, see `settled.ts`. */
  settled: 2,
  /** `FailedMessage` as JSON; settles its event. */
  failed: 3,
  /** `LogMessage` as JSON. */
  log: 4,
  /** No payload: everything settled has been said, nothing beyond it was begun. */
  stopped: 5,
  /** `RefusedMessage` as JSON: the plugin cannot be started. */
  refused: 6,
  /** `KeepMessage` as JSON: something has been done once; answered by a `kept`. */
  keep: 7,
} as const;
