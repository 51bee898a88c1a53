import {
  command,
  map,
  merge,
  message,
  object,
  option,
  optional,
  string,
  text,
} from "@optique/core";
import type { Config } from "../config_schema.ts";
import { systemClock } from "../internal/clock.ts";
import { InputError } from "../internal/errors.ts";
import type { ReplayReport } from "../history/replay.ts";
import type { ReplayEnd, ReplayRange } from "../history/replay_range.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { readRegistry } from "../registry/read_registry.ts";
import { requireKnownPlugin } from "./_known_plugin.ts";
import { lateReadStore } from "./_late_store.ts";
import { countText } from "./_number_texts.ts";
import { tellReplay } from "./_replay_report.ts";
import { safeText } from "./_safe_text.ts";
import { registryPathOption, storeConfig, storeOptions } from "./_store_options.ts";
import { readTimeText, TIME_FORMS } from "./_time_text.ts";
import type { CliAction, CliIo } from "./cli_io.ts";

const options = object({
  plugin: option("--plugin", string({ metavar: "ID" }), {
    description: message`The plugin of the registry that gets the events, also a disabled one.`,
  }),
  from: option("--from", string({ metavar: "EVENT|TIME" }), {
    description: [text(`The first event: its sequence, or a time: ${TIME_FORMS}.`)],
  }),
  to: optional(option("--to", string({ metavar: "EVENT|TIME" }), {
    description: message`The last event: its sequence, or a time. Default: the newest.`,
  })),
  dryRun: option("--dry-run", {
    description: message`Takes the plugin's write, net, env and sys permissions away, and lists \
what was refused.`,
  }),
  registryPath: registryPathOption,
});

function endOf(value: string, place: string): ReplayEnd {
  if (/^\d{1,15}$/.test(value)) return { sequence: Number(value) };
  return { microseconds: readTimeText(value, place, systemClock.now()) };
}

function requireEntry(plugins: readonly PluginEntry[], id: string): PluginEntry {
  requireKnownPlugin(id, plugins.map((entry) => entry.id));
  const entry = plugins.find((candidate) => candidate.id === id);
  if (entry !== undefined) return entry;
  throw new InputError("Cannot use the options", [
    { source: "command line", place: "--plugin", found: id, wanted: "a plugin of the registry" },
  ]);
}

/** Runs the replay; Ctrl+C ends it after the event in hand, with the table of what was done. */
async function play(
  config: Config,
  entry: PluginEntry,
  range: ReplayRange,
  isDryRun: boolean,
  io: CliIo,
): Promise<ReplayReport> {
  const { join } = await import("@std/path");
  const { Replay } = await import("../history/replay.ts");
  const { replayFrames } = await import("../history/replay_frames.ts");
  const { DryRun } = await import("../history/dry_run.ts");
  const { findDenoPlaces } = await import("../supervisor/deno_places.ts");
  const { pluginSpawner } = await import("../supervisor/spawn_plugin.ts");
  using store = await lateReadStore(config.stateFolder);
  const places = await findDenoPlaces();
  // A folder of its own: what a running host keeps for the plugin is not touched.
  const stateFolder = join(config.stateFolder, "replay");
  await using dryRun = isDryRun ? await DryRun.begin(stateFolder) : undefined;
  const startPlugin = pluginSpawner({
    clock: systemClock,
    places,
    stateFolder,
    logLinesPerSecondMax: config.logLinesPerSecondMax,
    strayBytesPerSecondMax: config.strayBytesPerSecondMax,
  });
  const total = range.to - range.from + 1;
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  Deno.addSignalListener("SIGINT", onSignal);
  try {
    const report = await new Replay({
      // A failed event is told and the next one follows, whatever the registry says.
      entry: { ...dryRun?.entry(entry) ?? entry, onFailure: "skip" },
      frames: replayFrames(store, entry, range),
      startPlugin,
      clock: systemClock,
      startTimeoutMs: config.startTimeoutMs,
      stopLimitMs: config.stopLimitMs,
      signal: stop.signal,
      onLog: ({ level, message, sequence }) =>
        io.err(
          `${entry.id}  ${level.padEnd(5)}  ${
            sequence === undefined ? "" : `event ${sequence}: `
          }` +
            safeText(message),
        ),
      onProgress: ({ done, failed }) => {
        io.err(`${(done + failed).toLocaleString("en")} of ${countText(total, "event")}`);
        if (dryRun?.isTooMuch) stop.abort();
      },
    }).run();
    await dryRun?.addTo(report.refusals);
    return report;
  } finally {
    Deno.removeSignalListener("SIGINT", onSignal);
  }
}

/** `replay`: feeds stored events to one plugin once more. */
export const replayCommand = command(
  "replay",
  map(
    merge(options, storeOptions),
    ({ plugin, from, to, dryRun, ...places }): CliAction => async (io) => {
      const ends = [endOf(from, "--from"), to === undefined ? to : endOf(to, "--to")] as const;
      const config = await storeConfig(places, io);
      const registry = await readRegistry(config.registryPath, { filesMustExist: false });
      const entry = requireEntry(registry.plugins, plugin);
      const { replayRange } = await import("../history/replay_range.ts");
      let range: ReplayRange;
      {
        using store = await lateReadStore(config.stateFolder);
        range = replayRange(store, ...ends);
      }
      const what = countText(range.to - range.from + 1, "event");
      io.err(`Replaying ${what} (${range.from} to ${range.to}) to ${plugin}`);
      const startedMs = systemClock.monotonic();
      const report = await play(config, entry, range, dryRun, io);
      const seconds = (systemClock.monotonic() - startedMs) / 1000;
      tellReplay({ report, plugin, range, isDryRun: dryRun, seconds }, io);
      return report.failed === 0 && report.endedEarly === undefined ? 0 : 1;
    },
  ),
  {
    brief: message`Feed stored events to one plugin once more, apart from the host.`,
    description: message`Hands stored events to one plugin in a process of its own, with the \
permissions of its registry entry, and tells what came of each. Whether a host runs or not, it \
knows nothing of it: where the plugin is, its dead letters and its state are not touched. What the \
plugin itself writes and sends is real, unless it is a dry run: then it may only compute and read. \
Each event says in attempt how often the plugin has got it.`,
    footer: message`Exit codes: 0 every event was done, 1 some were not or the plugin does not \
start, 2 wrong usage, 3 the database cannot be opened.`,
    usageLine: [{ type: "literal", value: "--plugin ID --from EVENT|TIME [OPTIONS]" }],
  },
);
