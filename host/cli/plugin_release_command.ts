import { command, map, message, object, option, optional, string } from "@optique/core";
import { idArgument } from "./_id_argument.ts";
import type { CliAction } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";
import { loadConfig } from "./load_config.ts";

/** `plugin release`: lets a plugin go on that is held, parked or waits for a further try. */
export const pluginReleaseCommand = command(
  "release",
  map(
    object({
      id: idArgument,
      journalPath: optional(option("--journal", string({ metavar: "PATH" }), {
        description: message`The host's journal. Default: as of deno task host.`,
      })),
      stateFolder: optional(option("--state", string({ metavar: "DIR" }), {
        description: message`The host's state folder. Default: the journal's folder.`,
      })),
    }),
    ({ id, journalPath, stateFolder }): CliAction => async (io) => {
      // The registry is not looked at; naming one keeps its default from being a problem.
      const registryPath = "registry.json";
      const config = await loadConfig({ journalPath, stateFolder, registryPath }, undefined, io);
      await lateModules.askHost(config.stateFolder, "release", id);
      io.out(
        `Asked for the release of ${id}: a running host takes it up within a second, else the ` +
          "next start does",
      );
      return 0;
    },
  ),
  {
    brief: message`Let a plugin go on that is held or parked.`,
    description: message`Lets a plugin go on that is held (onFailure hold), parked, or waits for a \
further try: its event is handed over again at once, and all behind it in order.`,
  },
);
