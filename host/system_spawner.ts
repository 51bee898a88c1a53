import type { HostParts } from "./host.ts";
import type { Clock } from "./internal/clock.ts";
import type { HostLog } from "./internal/host_log.ts";
import type { ProcessReader } from "./process_reader.ts";
import { findDenoPlaces } from "./supervisor/deno_places.ts";
import type { StartPlugin } from "./supervisor/plugin_process.ts";
import { ProcessWatch } from "./supervisor/process_watch.ts";
import { windowsCage } from "./supervisor/process_cage.ts";
import { pluginSpawner } from "./supervisor/spawn_plugin.ts";
import { tieChildren } from "./windows/tie_children.ts";

/**
 * Starts plugins as processes of the system, tied to the host as well as the system can, and says
 * what it cannot.
 */
export async function systemSpawner(
  { config, log }: Pick<HostParts, "config" | "log">,
  clock: Clock,
  processes: ProcessReader | undefined,
): Promise<StartPlugin> {
  const places = await findDenoPlaces();
  if (places.guard.length === 0 && Deno.build.os === "linux") {
    log.warn(
      "Cannot tie plugin processes to the host: setpriv is not there, wanted util-linux; " +
        "a plugin in an endless loop outlives a host that is killed",
    );
  }
  if (!places.hasFileLimits && Deno.build.os === "linux") {
    log.warn(
      "Cannot limit the files that plugins write (fileMb): prlimit is not there, wanted util-linux",
    );
  }
  const isWindows = Deno.build.os === "windows";
  if (isWindows) tieAll(log);
  return pluginSpawner({
    clock,
    places,
    makeCage: isWindows ? windowsCage : undefined,
    stateFolder: config.stateFolder,
    logLinesPerSecondMax: config.logLinesPerSecondMax,
    strayBytesPerSecondMax: config.strayBytesPerSecondMax,
    once: { valueBytesMax: config.onceValueBytesMax, keysMax: config.onceKeysMax },
    watch: processes && new ProcessWatch(clock, (pid) => processes.read(pid)),
  });
}

/** Without it the host works, and leaves processes behind when it is killed. */
function tieAll(log: HostLog): void {
  try {
    tieChildren();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(`${reason}; a plugin in an endless loop may outlive a host that is killed`);
  }
}
