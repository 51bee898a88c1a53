import {
  command,
  group,
  map,
  merge,
  message,
  object,
  option,
  optional,
  string,
  text,
} from "@optique/core";
import { configOptionName } from "../config.ts";
import { type ConfigKey, configSchema } from "../config_schema.ts";
import { bytesText, durationText, numberOrText } from "./_number_texts.ts";
import type { CliAction } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";
import { loadConfig } from "./load_config.ts";

const {
  journalPath: _j,
  stateFolder: _s,
  registryPath: _r,
  libraryPath: _l,
  logPath: _p,
  logLevel: _v,
  watch: _w,
  ...numbers
} = configSchema.shape;
type NumberKey = keyof typeof numbers;

function unitOf(
  key: string,
): { metavar: "BYTES" | "MS" | "DAYS" | "NUMBER"; say(n: number): string } {
  if (key.includes("Bytes")) return { metavar: "BYTES", say: bytesText };
  if (key.endsWith("Ms")) return { metavar: "MS", say: durationText };
  if (key.endsWith("Days")) return { metavar: "DAYS", say: String };
  return { metavar: "NUMBER", say: String };
}

/** Bounds and default of an option stand in the schema alone, so that its help cannot drift. */
function numberOption(key: NumberKey) {
  const schema = numbers[key];
  const { minValue, maxValue } = schema.unwrap();
  const { metavar, say } = unitOf(key);
  const standard = schema.parse(undefined);
  const isSaid = [String(standard), `${standard} ms`].includes(say(standard));
  const spelt = isSaid ? "" : ` (${say(standard)})`;
  const bounds = `${say(minValue ?? 0)} to ${say(maxValue ?? 0)}, default ${standard}${spelt}.`;
  const description = [text(`${schema.description} ${bounds}`)];
  return optional(option(configOptionName(key), string({ metavar }), { description }));
}

const limitOptions = Object.fromEntries(
  (Object.keys(numbers) as NumberKey[]).map((key) => [key, numberOption(key)]),
) as Record<NumberKey, ReturnType<typeof numberOption>>;

function pathOption(key: ConfigKey, metavar: "PATH" | "DIR", standard: string) {
  const description = [text(`${configSchema.shape[key].description} Default: ${standard}.`)];
  return optional(option(configOptionName(key), string({ metavar }), { description }));
}

const pathOptions = object({
  configPath: optional(option("--config", string({ metavar: "PATH" }), {
    description: message`A file with any of these settings: JSON with comments, such as \
{ "journalPath": "/var/lib/onhook/hangup.journal", "stopLimitMs": 2000 }.`,
  })),
  journalPath: pathOption(
    "journalPath",
    "PATH",
    "ONHOOK_JOURNAL, else onhook/hangup.journal in XDG_STATE_HOME or ~/.local/state",
  ),
  stateFolder: pathOption("stateFolder", "DIR", "the journal's folder"),
  registryPath: pathOption(
    "registryPath",
    "PATH",
    "on Windows the Windows registry, as --registry=windows names it, elsewhere plugins/registry.json",
  ),
  libraryPath: pathOption("libraryPath", "PATH", "what deno task build makes"),
});

const watchOptions = object({
  watch: option("--watch", {
    description: [text(`${configSchema.shape.watch.description} Default: off.`)],
  }),
});

const logOptions = object({
  logPath: pathOption("logPath", "PATH", "standard error"),
  logLevel: optional(option("--log-level", string({ metavar: "LEVEL" }), {
    description: message`Least level of the lines that are written to the log: debug, info, warn \
or error, default info.`,
  })),
});

const options = merge(
  group("Where things are", pathOptions),
  group("Plugins", watchOptions),
  group("Log", logOptions),
  group("Limits", object(limitOptions)),
);

/** `host`: delivers link hangups to the plugins until it is stopped. */
export const hostCommand = command(
  "host",
  map(options, ({ configPath, ...given }): CliAction => async (io) => {
    const { watch, ...rest } = given;
    const { journalPath, stateFolder, registryPath, libraryPath, logPath, logLevel, ...limits } =
      rest;
    const numbers = Object.entries(limits).map(([key, value]) => [key, numberOrText(value)]);
    const config = await loadConfig(
      {
        journalPath,
        stateFolder,
        registryPath,
        libraryPath,
        // What is not on the command line may be in the configuration file.
        watch: watch || undefined,
        logPath,
        logLevel,
        ...Object.fromEntries(numbers),
      },
      configPath,
      io,
    );
    return await lateModules.runHost(config);
  }),
  {
    brief: message`Deliver link hangups to the plugins until it is stopped.`,
    description: message`Reads the journal that the library in the remote access service writes, \
and calls the plugins of the registry in its order. Ctrl+C stops it: what is in hand is finished, \
and the next start goes on from there. Relative paths start from the working folder, which \
deno task sets to the project's.`,
    footer: message`Exit codes: 0 stopped, 2 wrong usage or configuration, 3 the journal, the \
library or the database cannot be opened, 70 a defect.`,
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
);
