import { command, map, message, object, option } from "@optique/core";
import type { CliAction, CliIo } from "./cli_io.ts";
import { lateModules } from "./late_modules.ts";
import { loadConfig } from "./load_config.ts";

const WAIT_LIMIT_MS = 10_000;

/** Lets the host finish; when it does not answer, ending its task ends it. */
async function stopped(io: CliIo): Promise<void> {
  try {
    const config = await loadConfig({ registryPath: "registry.json" }, undefined, io);
    const outcome = await lateModules.stopHost(config, WAIT_LIMIT_MS);
    if (outcome === "stopped") io.out("stop the host");
  } catch (error) {
    // Nothing that its store says may keep it from being removed.
    io.out(`the host was not asked to stop: ${error instanceof Error ? error.message : error}`);
  }
}

/** `uninstall`: removes what `install` has made. */
export const uninstallCommand = command(
  "uninstall",
  map(
    object({
      dryRun: option("--dry-run", {
        description: message`Checks, prints every change, and makes none.`,
      }),
    }),
    ({ dryRun }): CliAction => async (io) => {
      await lateModules.runUninstall(dryRun, () => stopped(io), io.out);
      return 0;
    },
  ),
  {
    brief: message`Remove what install has made, and nothing else.`,
    description: message`Takes the library out of the list of DLLs that RRAS loads, with every \
character of other entries as it is, then removes the task, our registry values and the files. A \
library that RRAS has loaded is renamed and removed when Windows starts the next time. The plugin \
list and the events stay.`,
    footer: message`Exit codes: 0 done, 2 something is wrong and nothing was changed, 3 a change \
failed.`,
  },
);
