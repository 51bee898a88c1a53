import * as z from "zod";
import { type GrantableField, grantableFields } from "../events/field_grants.ts";
import {
  envNameProblem,
  netTargetProblem,
  pathProblem,
  PLUGIN_ID_REGEXP,
  PLUGIN_ID_WANTED,
  SYS_KINDS,
} from "./_value_rules.ts";

/** The permission kinds that a registry can grant. `run`, `ffi`, `import` and `all` are not among them. */
export const PERMISSION_KINDS = ["read", "write", "net", "env", "sys"] as const;

/** One of the permission kinds that a registry can grant. */
export type PermissionKind = (typeof PERMISSION_KINDS)[number];

/** What a plugin may do; an empty list grants nothing of its kind. */
export type PluginPermissions = Readonly<Record<PermissionKind, readonly string[]>>;

/** What happens to an event that a plugin has failed on. */
export type OnFailure = "skip" | "retry" | "hold";

/** One plugin of the registry, defaults filled in and paths made absolute. */
export interface PluginEntry {
  /** Unique in the registry, `[a-z0-9-]`, 1 to 64 characters. */
  readonly id: string;
  /** Absolute path of the plugin's module. */
  readonly path: string;
  /** Whether the host starts it. */
  readonly enabled: boolean;
  /** What it may do; `read` and `write` hold absolute paths, which may contain commas. */
  readonly permissions: PluginPermissions;
  /** What it sees of the events; without it everything that names nobody. */
  readonly fields?: readonly GrantableField[] | undefined;
  /** Handed to the plugin as it stands in the registry. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Time limit for one event, in milliseconds, 10 to 600000. */
  readonly timeoutMs: number;
  /** Limit of the JavaScript heap, in mebibytes, 32 to 4096. */
  readonly memoryMb: number;
  /**
   * Limit of the process's memory as a whole, what lies outside of the heap included, in mebibytes,
   * 96 to 16384; without it `memoryMb` and 256 more.
   */
  readonly residentMb?: number | undefined;
  /**
   * Limit of the processor time that its process takes beside its work on events, in percent of one
   * processor over `cpuWindowMs`, 1 to 6400; 50 when left out.
   */
  readonly cpuPercent?: number | undefined;
  /** The window of `cpuPercent` in milliseconds, 1000 to 3600000; 60000 when left out. */
  readonly cpuWindowMs?: number | undefined;
  /**
   * Limit of any file that its process writes, in mebibytes, 1 to 1048576, on Linux; 16 when left out,
   * 1024 with a `write` grant.
   */
  readonly fileMb?: number | undefined;
  /** Limit of one message from its process, in bytes, 4096 to 65536; 4096 when left out. */
  readonly messageBytesMax?: number | undefined;
  /** Time limit of its start, in milliseconds, 100 to 600000; the host's when left out. */
  readonly startTimeoutMs?: number | undefined;
  /** Limit of its lines of log, 1 to 100000 a second; the host's when left out. */
  readonly logLinesPerSecondMax?: number | undefined;
  /** How often its process may die within `windowMs`, 1 to 1000; the host's when left out. */
  readonly deathsPerWindowMax?: number | undefined;
  /** The window of `deathsPerWindowMax`, in milliseconds, 1000 to 86400000; the host's when left out. */
  readonly windowMs?: number | undefined;
  /** What happens to an event that it has failed on. */
  readonly onFailure: OnFailure;
  /** With `retry`: how often an event is tried again before it is skipped, 1 to 1000. */
  readonly retryCount: number;
  /** With `retry`: wait before the first further try, in milliseconds; it doubles each time. */
  readonly retryFirstWaitMs: number;
  /** With `retry`: longest wait between two tries, in milliseconds. */
  readonly retryLongestWaitMs: number;
  /** Absolute folder that the entry's relative paths start from. */
  readonly baseFolder: string;
}

/** The ordered list of plugins; its order is the call order. */
export interface Registry {
  /** Where it was read from: the absolute path of the file. */
  readonly source: string;
  /** Every plugin, disabled ones included, in call order. */
  readonly plugins: readonly PluginEntry[];
}

const FIELD_WANTED = `one of ${grantableFields.join(", ")}`;
const ENTRIES_MAX = 256;
const TEXTS_MAX = 256;

function textList(
  wanted: string,
  wantedMany: string,
  description: string,
  problemOf: (text: string) => string | undefined,
): z.ZodDefault<z.ZodArray<z.ZodString>> {
  const text = z.string({ error: wanted }).min(1, { error: wanted }).superRefine(
    (value, context) => {
      const problem = value === "" ? undefined : problemOf(value);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    },
  );
  const listWanted = `a list of ${wantedMany}; a whole kind cannot be granted at once`;
  return z.array(text, { error: listWanted })
    .max(TEXTS_MAX, { error: `at most ${TEXTS_MAX} of them` })
    .default([]).describe(description);
}

function wholeNumber(minimum: number, maximum: number, unit: string): z.ZodInt {
  const error = `a whole number of ${unit} from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

function sysProblem(kind: string): string | undefined {
  return SYS_KINDS.includes(kind) ? undefined : `one of ${SYS_KINDS.join(", ")}`;
}

const permissionsSchema = z.strictObject({
  read: textList(
    "a file or folder",
    "files and folders",
    "Files and folders the plugin may read, relative to this file or absolute.",
    pathProblem,
  ),
  write: textList(
    "a file or folder",
    "files and folders",
    "Files and folders the plugin may write, relative to this file or absolute.",
    pathProblem,
  ),
  net: textList(
    'a host such as "hooks.example.com:443"',
    'hosts such as "hooks.example.com:443"',
    "Hosts the plugin may reach: host, host:port, an IP address, [IPv6]:port or *.domain.",
    netTargetProblem,
  ),
  env: textList(
    "the name of an environment variable",
    "names of environment variables",
    "Environment variables of the host that are handed to the plugin.",
    envNameProblem,
  ),
  sys: textList(
    "a kind of system information",
    "kinds of system information",
    `System information the plugin may ask for: ${SYS_KINDS.join(", ")}.`,
    sysProblem,
  ),
}, { error: (issue) => issue.code === "invalid_type" ? "an object of lists" : undefined });

const pluginSchema = z.strictObject({
  id: z.string({ error: PLUGIN_ID_WANTED }).regex(PLUGIN_ID_REGEXP, { error: PLUGIN_ID_WANTED })
    .describe("Unique name of the plugin: small letters, digits and hyphens."),
  path: z.string({ error: "the plugin's module file" })
    .superRefine((value, context) => {
      const problem = pathProblem(value);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    })
    .describe("The plugin's module, relative to this file or absolute."),
  enabled: z.boolean({ error: "true or false" }).default(true)
    .describe("Whether the host starts the plugin."),
  permissions: permissionsSchema.prefault({})
    .describe("What the plugin may do besides reading its own modules; nothing by default."),
  fields: z.array(z.enum(grantableFields, { error: FIELD_WANTED }), {
    error: "a list of fields",
  }).max(grantableFields.length, { error: `at most ${grantableFields.length} of them` }).optional()
    .describe(
      "What the plugin sees of the events; without it port, session and connection, " +
        "so nothing that names a person.",
    ),
  config: z.record(z.string(), z.unknown(), { error: "an object" }).default({})
    .describe("Handed to the plugin, which checks it with its own schema."),
  timeoutMs: wholeNumber(10, 600_000, "milliseconds").default(5000)
    .describe("Time limit for one event in milliseconds; then the plugin's process is killed."),
  memoryMb: wholeNumber(32, 4096, "mebibytes").default(128)
    .describe("Limit of the plugin's JavaScript heap in mebibytes."),
  residentMb: wholeNumber(96, 16_384, "mebibytes").optional()
    .describe(
      "Limit of the plugin's memory as a whole in mebibytes, buffers outside of the heap included; " +
        "without it memoryMb and 256 more.",
    ),
  cpuPercent: wholeNumber(1, 6400, "percent").default(50)
    .describe(
      "Limit of the processor time that the plugin's process takes beside its work on events, in " +
        "percent of one processor over cpuWindowMs.",
    ),
  cpuWindowMs: wholeNumber(1000, 3_600_000, "milliseconds").default(60_000)
    .describe("Window in milliseconds that cpuPercent is measured over."),
  fileMb: wholeNumber(1, 1_048_576, "mebibytes").optional()
    .describe(
      "Limit of any file that the plugin's process writes in mebibytes, on Linux; without it 16, or " +
        "1024 with a write grant.",
    ),
  messageBytesMax: wholeNumber(4096, 65_536, "bytes").default(4096)
    .describe("Limit of one message from the plugin's process, such as a line of log, in bytes."),
  startTimeoutMs: wholeNumber(100, 600_000, "milliseconds").optional()
    .describe(
      "Time in milliseconds that the plugin may take until it is ready; then its process is killed. " +
        "Without it the host's --start-timeout-ms.",
    ),
  logLinesPerSecondMax: wholeNumber(1, 100_000, "lines").optional()
    .describe(
      "Most lines of log of the plugin in a second; the rest is counted. Without it the host's " +
        "--log-lines-per-second-max.",
    ),
  deathsPerWindowMax: wholeNumber(1, 1000, "deaths").optional()
    .describe(
      "A plugin whose process dies more often than this within windowMs is parked. Without it the " +
        "host's --deaths-per-window-max.",
    ),
  windowMs: wholeNumber(1000, 86_400_000, "milliseconds").optional()
    .describe(
      "Window in milliseconds that deathsPerWindowMax is counted over. Without it the host's " +
        "--window-ms.",
    ),
  onFailure: z.enum(["skip", "retry", "hold"], { error: '"skip", "retry" or "hold"' })
    .default("skip")
    .describe(
      "After a failure: skip records a dead letter and goes on; retry tries again and then skips; " +
        "hold keeps the event and all behind it until the plugin is released.",
    ),
  retryCount: wholeNumber(1, 1000, "tries").default(5)
    .describe("With onFailure retry: how often an event is tried again before it is skipped."),
  retryFirstWaitMs: wholeNumber(1, 3_600_000, "milliseconds").default(1000)
    .describe("With onFailure retry: wait before the first further try; it doubles each time."),
  retryLongestWaitMs: wholeNumber(1, 86_400_000, "milliseconds").default(60_000)
    .describe("With onFailure retry: longest wait between two tries."),
}, {
  error: (issue) => issue.code === "invalid_type" ? "an object that describes a plugin" : undefined,
});

/**
 * The registry file: the ordered list of plugins. The schema is strict, an unknown key is an
 * error. Every message of it reads as the end of the sentence "wanted …".
 *
 * What needs more than the text of one value (unique ids, files that exist) is checked by
 * `readRegistry`.
 */
export const registrySchema = z.strictObject({
  $schema: z.string({ error: "the address of a JSON Schema" }).optional()
    .describe("Where an editor finds the schema of this file."),
  plugins: z.array(pluginSchema, { error: "the list of plugins" })
    .max(ENTRIES_MAX, { error: `at most ${ENTRIES_MAX} plugins` })
    .describe("The plugins in call order."),
}, {
  error: (issue) => issue.code === "invalid_type" ? 'an object with the list "plugins"' : undefined,
});

/** A registry file as a person writes it. */
export type RegistryInput = z.input<typeof registrySchema>;

/** One plugin as a person writes it. */
export type PluginInput = RegistryInput["plugins"][number];
