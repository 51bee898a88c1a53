import * as z from "zod";
import { ONCE_LIMITS } from "./limits.ts";

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
  /**
   * After a failed event nothing more is begun, and frames of events are thrown away, until `resume`
   * comes: the host hands the same event over again first.
   */
  readonly haltOnFailure?: boolean;
  /** Bytes of the longest frame from the plugin; without it `FRAME_LIMITS.answerBytesMax`. */
  readonly messageBytesMax?: number;
  /** Limits of `ctx.once`; without them {@linkcode ONCE_LIMITS}. */
  readonly once?: OnceLimits;
  /** Sixteen hex digits that every frame from this process starts with. */
  readonly marker: string;
}

/** Limits of what is remembered of one event. */
export interface OnceLimits {
  /** UTF-8 bytes of a value as JSON. */
  readonly valueBytesMax: number;
  /** Keys of one event. */
  readonly keysMax: number;
}

/** What the host remembers of an event that it hands over again. */
export interface KnownMessage {
  readonly sequence: number;
  /** Each key with what came of it. */
  readonly outcomes: readonly (readonly [key: string, outcome: OnceOutcome])[];
}

/** What a {@linkcode KeepMessage} said is stored. */
export interface KeptMessage {
  readonly sequence: number;
  readonly key: string;
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

const outcomeSchema = z.strictObject({
  /** What the function gave; absent when it gave nothing. */
  value: z.unknown().optional(),
  /** Why what it gave cannot be remembered. */
  problem: z.string().max(400).optional(),
});

/** What `ctx.once` did for a key. */
export const keepSchema = z.strictObject({
  sequence: z.int().positive(),
  key: z.string().max(ONCE_LIMITS.keyCharactersMax).regex(/^\P{Cc}+$/u)
    .refine((key) => key.isWellFormed()),
  outcome: outcomeSchema,
});

/** Why a plugin cannot be started. */
export const refusedSchema = z.strictObject({
  stage: z.enum(["protocol", "load", "config", "onStart"]),
  error: errorSchema,
});

/** One line of log from a plugin. */
export type LogMessage = z.infer<typeof logSchema>;
/** What came of a `ctx.once`: the value or why it cannot be remembered; it is done either way. */
export type OnceOutcome = Readonly<z.infer<typeof outcomeSchema>>;
/** What `ctx.once` did for a key. */
export type KeepMessage = z.infer<typeof keepSchema>;
/** Why a plugin cannot be started. */
export type RefusedMessage = z.infer<typeof refusedSchema>;
/** What a started plugin says of itself. */
export type ReadyMessage = z.infer<typeof readySchema>;
/** One event whose handler failed. */
export type FailedMessage = z.infer<typeof failedSchema>;
