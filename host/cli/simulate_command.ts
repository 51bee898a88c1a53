import { command, map, message, object, option, optional, string } from "@optique/core";
import { NativeError } from "../internal/errors.ts";
import { simulatorOptionsSchema } from "../simulator/simulator_options.ts";
import { readTextFile } from "../registry/read_text_file.ts";
import type { ScenarioFile } from "../simulator/scenario_file.ts";
import type { SimulatorResult } from "../simulator/play.ts";
import type { SimulatorHandle } from "../simulator/start_simulator.ts";
import { checkOptions } from "./_check_options.ts";
import { countText, numberOrText } from "./_number_texts.ts";
import type { CliAction, CliIo } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";
import { loadConfig } from "./load_config.ts";

const OPTION_NAMES: Readonly<Record<string, string>> = {
  ratePerSecond: "--rate",
  hangupsOnly: "--hangups-only",
  linksPerConnection: "--links",
  siteToSiteShare: "--site-to-site",
  refusedShare: "--refused",
  lostShare: "--lost",
};

const numberOf = (
  name:
    | "--count"
    | "--rate"
    | "--ports"
    | "--links"
    | "--users"
    | "--site-to-site"
    | "--refused"
    | "--lost"
    | "--restarts"
    | "--seed",
  description: string,
) =>
  optional(
    option(name, string({ metavar: "NUMBER" }), {
      description: [{ type: "text", text: description }],
    }),
  );

const options = object({
  count: numberOf("--count", "How many link hangups, 1 to 1000000000, default 1000."),
  ratePerSecond: numberOf("--rate", "Hangups per second; 0, the default, is as fast as possible."),
  ports: numberOf("--ports", "Ports of the server, 1 to 100000, default 256."),
  linksPerConnection: numberOf(
    "--links",
    "Links of one connection, 1 to 16, default 1; more is multilink.",
  ),
  users: numberOf("--users", "Different people who connect, 1 to 1000000, default 13."),
  siteToSiteShare: numberOf(
    "--site-to-site",
    "Share of connections that are another site's router, 0 to 0.9, default 0.02.",
  ),
  refusedShare: numberOf(
    "--refused",
    "Share of connections that another DLL refuses after ours said yes, 0 to 0.9, default 0.",
  ),
  lostShare: numberOf(
    "--lost",
    "Share of connections whose peer vanishes, so that they never hang up, 0 to 0.9, default 0.",
  ),
  restarts: numberOf(
    "--restarts",
    "Restarts of the service, which nobody's connection survives, 0 to 1000, default 0.",
  ),
  seed: numberOf(
    "--seed",
    "Plays the same day again, 0 to 4294967295; drawn and told when it is missing.",
  ),
  storm: option("--storm", { description: message`All ports go down at once, again and again.` }),
  hangupsOnly: option("--hangups-only", {
    description: message`Makes no callouts but the link hangups, the start and the stop.`,
  }),
  registered: option("--registered", {
    description:
      message`Windows: loads all that RAS's list in the registry names, in order, and calls on several threads.`,
  }),
  adversarial: option("--adversarial", {
    description: message`Plays the adversarial callouts instead of a day.`,
  }),
  scenarioPath: optional(option("--scenario", string({ metavar: "FILE" }), {
    description:
      message`Plays the steps in this file instead of a day; plugins/README.md tells how.`,
  })),
  journalPath: optional(option("--journal", string({ metavar: "PATH" }), {
    description: message`The journal to write. Default: that of host.`,
  })),
  libraryPath: optional(option("--library", string({ metavar: "PATH" }), {
    description: message`The library to load. Default: what deno task build makes.`,
  })),
});

/** Ctrl+C ends the simulated service as a stop of the real one does, its last callout included. */
async function outcome(simulator: SimulatorHandle): Promise<SimulatorResult | undefined> {
  const stop = (): void => void simulator.stop();
  Deno.addSignalListener("SIGINT", stop);
  try {
    return await simulator.done;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
  }
}

function tell(result: SimulatorResult, journalPath: string, io: CliIo): void {
  const perSecond = Math.round(result.hangups / Math.max(result.seconds, 1e-6));
  const speed = `${result.seconds.toFixed(2)} s (${perSecond.toLocaleString("en")} per second)`;
  io.out(
    `Simulated ${countText(result.hangups, "link hangup")} in ${speed}, seed ${result.seed}\n` +
      `journal: ${journalPath}\ncallouts in all: ${result.callouts.toLocaleString("en")}`,
  );
  if (result.refused > 0) io.out(`refused by the library: ${result.refused}`);
}

/** The library lets the service go on whatever happens, so nobody else would say it here. */
async function requireJournal(journalPath: string): Promise<void> {
  try {
    await Deno.stat(journalPath);
  } catch (cause) {
    throw new NativeError(
      `Cannot find the journal ${journalPath}: the library could not make it, a folder that can ` +
        "be made and written is wanted; the link hangups are lost",
      { code: -2, symbol: "ONHOOK_OPEN_FAILED", systemCode: 0, processId: 0 },
      { cause },
    );
  }
}

/** The steps of a scenario file, when one is named. */
async function scenarioOf(path: string | undefined): Promise<{ scenario?: ScenarioFile }> {
  if (path === undefined) return {};
  const { readScenarioFile } = await import("../simulator/read_scenario_file.ts");
  const text = await readTextFile(path, {
    action: "Cannot read the scenario",
    missing: "a scenario file",
    bytesMax: 64 * 1024,
  });
  return { scenario: readScenarioFile(text, path) };
}

/** `simulate`: plays the remote access service in a process of its own. */
export const simulateCommand = command(
  "simulate",
  map(
    options,
    (
      {
        journalPath,
        libraryPath,
        scenarioPath,
        storm,
        hangupsOnly,
        registered,
        adversarial,
        ...texts
      },
    ): CliAction =>
    async (io) => {
      const numbers = Object.fromEntries(
        Object.entries(texts).map(([key, value]) => [key, numberOrText(value)]),
      );
      const switches = { storm, hangupsOnly, registered, adversarial };
      const given = { ...numbers, ...switches, libraryPath: libraryPath ?? "default" };
      const { libraryPath: _library, ...checked } = checkOptions(
        simulatorOptionsSchema,
        given,
        (key) => OPTION_NAMES[key] ?? `--${key}`,
      );
      // The registry is not looked at; naming one keeps its default from being a problem.
      const registryPath = "registry.json";
      const config = await loadConfig({ journalPath, libraryPath, registryPath }, undefined, io);
      const simulator = await lateModules.startSimulator({
        ...checked,
        ...await scenarioOf(scenarioPath),
        libraryPath: config.libraryPath,
        journalPath: config.journalPath,
      });
      const result = await outcome(simulator);
      if (result === undefined) {
        io.err("The simulation was stopped before its end");
        return 0;
      }
      await requireJournal(config.journalPath);
      tell(result, config.journalPath, io);
      return 0;
    },
  ),
  {
    brief: message`Play a remote access service that takes links down.`,
    description: message`Loads the library in a process of its own, as the remote access service \
does, and calls its functions with real structures in the order of real sessions. A host that runs \
meanwhile, or later, delivers the link hangups to the plugins.`,
    usageLine: [{ type: "literal", value: "[OPTIONS]" }],
  },
);
