import * as z from "zod";
import { FRAME_LIMITS, ONCE_LIMITS } from "./protocol/limits.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

function path(description: string): z.ZodString {
  const error = "a path without control characters";
  return z.string({ error }).regex(/^\P{Cc}+$/u, { error }).describe(description);
}

function whole(
  unit: string,
  minimum: number,
  maximum: number,
  defaultValue: number,
  description: string,
): z.ZodDefault<z.ZodInt> {
  const error = `a whole number of ${unit} from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error }).default(defaultValue)
    .describe(description);
}

/**
 * The configuration of the host; its type is inferred from it. Every number has its unit in its
 * name or is a count, and has a minimum, a maximum and a default. Every message reads as the end
 * of the sentence "wanted …".
 */
export const configSchema = z.strictObject({
  journalPath: path("The journal that the library in the remote access service writes."),
  stateFolder: path("Folder of the host's database and of the plugins' caches."),
  registryPath: path("The registry file: which plugins are called, in which order."),
  libraryPath: path("The native library that reads the journal."),
  watch: z.boolean({ error: "true or false" }).default(false)
    .describe("Starts a plugin again when one of its files has changed; meant for writing one."),

  journalBytes: whole("bytes", 64 * KIB, GIB, 64 * MIB, "Size of a journal that is made new.")
    .refine((bytes) => Number.isInteger(Math.log2(bytes)), {
      error: "a power of two, such as 67108864",
    }),
  batchBytesMax: whole("bytes", 4 * KIB, 64 * MIB, 128 * KIB, "Most bytes of one read."),
  batchEventsMax: whole("events", 1, 65_536, 1024, "Most events of one read."),
  idleWaitMs: whole("milliseconds", 10, 60_000, SECOND, "Longest wait for the journal at a time."),
  releaseEveryMs: whole(
    "milliseconds",
    1,
    60_000,
    200,
    "How long events that are stored wait until they are safe on disk and leave the journal.",
  ),

  recentBytesMax: whole(
    "bytes",
    64 * KIB,
    GIB,
    1 * MIB,
    "Newest events kept in memory for plugins that keep up.",
  ),
  readBytes: whole("bytes", 4 * KIB, 16 * MIB, 64 * KIB, "Most bytes of one read of the store."),
  frameEventsMax: whole("events", 1, 4096, 256, "Most events handed to a plugin at once."),
  frameBytesMax: whole(
    "bytes",
    4 * KIB,
    FRAME_LIMITS.frameBytesMax / 2,
    256 * KIB,
    "Most bytes handed to a plugin at once.",
  ),

  startTimeoutMs: whole(
    "milliseconds",
    100,
    600_000,
    10_000,
    "How long a plugin may take until it is ready.",
  ),
  stopLimitMs: whole(
    "milliseconds",
    0,
    5000,
    5000,
    "How long what is in hand may take when the host stops.",
  ),
  backoffFirstMs: whole(
    "milliseconds",
    1,
    600_000,
    200,
    "Wait before a plugin that died is started again; it doubles with each death.",
  ),
  backoffLongestMs: whole("milliseconds", 1, 3_600_000, 10_000, "Longest such wait."),
  deathsPerWindowMax: whole(
    "deaths",
    1,
    1000,
    5,
    "A plugin that dies more often than this within the window is parked.",
  ),
  windowMs: whole("milliseconds", SECOND, DAY, 60_000, "Length of the window for deaths."),
  parkedRetryMs: whole(
    "milliseconds",
    SECOND,
    7 * DAY,
    600_000,
    "How long a parked plugin waits until it is tried again.",
  ),

  onceValueBytesMax: whole(
    "bytes",
    16,
    3072,
    ONCE_LIMITS.valueBytesMax,
    "Most bytes of JSON that ctx.once remembers under one key.",
  ),
  onceKeysMax: whole(
    "keys",
    1,
    256,
    ONCE_LIMITS.keysMax,
    "Most keys that ctx.once remembers of one event for one plugin.",
  ),

  logPath: path("").optional()
    .describe("File that the log is written to, instead of standard error."),
  logFileBytesMax: whole(
    "bytes",
    MIB,
    GIB,
    16 * MIB,
    "Bytes of that file; what does not fit begins a new one.",
  ),
  logFilesMax: whole(
    "files",
    1,
    100,
    8,
    "Files of it that are kept: the one that is written, and those before it, the newest as .1.",
  ),
  logLevel: z.enum(["debug", "info", "warn", "error"], {
    error: '"debug", "info", "warn" or "error"',
  }).default("info").describe("Least level of the lines that are written to the log."),
  logLinesPerSecondMax: whole(
    "lines",
    1,
    100_000,
    1000,
    "Most lines of log that one plugin may write in a second; the rest is counted.",
  ),
  strayBytesPerSecondMax: whole(
    "bytes",
    1024,
    16 * MIB,
    16 * 1024,
    "Most bytes that one plugin may write to stdout or stderr by itself in a second; more wait.",
  ),

  sessionWaitMs: whole(
    "milliseconds",
    100,
    3_600_000,
    30_000,
    "How long a session waits for the rest of its end, such as the hangup of its connection.",
  ),
  sessionReportHours: whole(
    "hours",
    1,
    8760,
    24,
    "After how long an open session is reported, and then again.",
  ),

  retentionDays: whole("days", 1, 3650, 7, "How long settled events are kept in the store."),
  storeBytesMax: whole(
    "bytes",
    MIB,
    1024 * GIB,
    GIB,
    "Bytes of the store beyond which the oldest settled events are dropped.",
  ),
  waitingBytesMax: whole(
    "bytes",
    MIB,
    1024 * GIB,
    4 * GIB,
    "Bytes beyond which the oldest events are dropped although plugins wait for them; at least " +
      "storeBytesMax.",
  ),
  damagedStoresMax: whole(
    "stores",
    1,
    1000,
    8,
    "Damaged stores that are kept beside the one in use: the newest and the largest others.",
  ),
  pruneEveryMs: whole("milliseconds", SECOND, DAY, 60_000, "How often old events are dropped."),
}, { error: (issue) => issue.code === "invalid_type" ? "an object" : undefined })
  .superRefine((config, context) => {
    if (config.backoffFirstMs <= config.backoffLongestMs) return;
    const message = `at most backoffLongestMs, which is ${config.backoffLongestMs}`;
    context.addIssue({ code: "custom", path: ["backoffFirstMs"], message });
  });

/** The host's configuration, complete and checked; its paths are absolute. */
export type Config = z.output<typeof configSchema>;
/** The name of a value of the configuration. */
export type ConfigKey = keyof Config;
