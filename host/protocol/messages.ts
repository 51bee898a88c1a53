import * as z from "zod";

/** Frame kinds from the host to a plugin's process. */
export const TO_PLUGIN = {
  /** {@linkcode StartMessage} as JSON; nothing of the plugin runs before it has come. */
  start: 1,
  /** A batch of events, see `encode_events_frame.ts`. */
  events: 2,
  /** Finish what is in hand, then go; no payload. */
  stop: 3,
} as const;

/** Frame kinds from a plugin's process to the host. */
export const FROM_PLUGIN = {
  /** {@linkcode readySchema} as JSON. */
  ready: 1,
  /** Binary, see `settled.ts`. */
  settled: 2,
  /** {@linkcode failedSchema} as JSON; settles its event. */
  failed: 3,
  /** {@linkcode logSchema} as JSON. */
  log: 4,
  /** No payload: everything settled has been said, nothing beyond it was begun. */
  stopped: 5,
  /** {@linkcode refusedSchema} as JSON: the plugin cannot be started. */
  refused: 6,
} as const;

/** What the host tells a new process. */
export interface StartMessage {
  /** {@linkcode PROTOCOL_VERSION} of the host. */
  readonly protocol: number;
  /** The plugin's id in the registry. */
  readonly plugin: string;
  /** Where the plugin's module is, a `file:` URL. */
  readonly module: string;
  /** The registry's `config`, not yet checked. */
  readonly config: unknown;
  /** The time limit of one event in milliseconds. */
  readonly timeoutMs: number;
  /** Sixteen hex digits that every frame from this process starts with. */
  readonly marker: string;
}

const errorSchema = z.strictObject({
  name: z.string(),
  message: z.string(),
  stack: z.string().optional(),
});

/** An error as a plugin's process tells it. */
export type PluginErrorReport = z.infer<typeof errorSchema>;

/** The plugin is loaded, its configuration is good, `onStart` is done. */
export const readySchema = z.strictObject({
  protocol: z.int(),
  handlers: z.array(z.string().max(64)).max(32),
});

/** One event whose handler failed. */
export const failedSchema = z.strictObject({
  sequence: z.int().positive(),
  error: errorSchema,
});

/** One line of log. `sequence` is the event in hand, if any. */
export const logSchema = z.strictObject({
  level: z.enum(["debug", "info", "warn", "error"]),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()).optional(),
  sequence: z.int().positive().optional(),
  eventId: z.string().max(128).optional(),
});

/** Why a plugin cannot be started. */
export const refusedSchema = z.strictObject({
  stage: z.enum(["protocol", "load", "config", "onStart"]),
  error: errorSchema,
});

/** One line of log from a plugin. */
export type LogMessage = z.infer<typeof logSchema>;
/** Why a plugin cannot be started. */
export type RefusedMessage = z.infer<typeof refusedSchema>;
/** What a started plugin says of itself. */
export type ReadyMessage = z.infer<typeof readySchema>;
/** One event whose handler failed. */
export type FailedMessage = z.infer<typeof failedSchema>;
