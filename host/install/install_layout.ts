import { win32 } from "node:path";
import type { OnhookPlaces } from "../windows/onhook_places.ts";

/** What of a checkout the host needs at run time. */
export const PROGRAM_PARTS = ["deno.json", "deno.lock", "mod.ts", "host", "plugins"] as const;

/** Where the parts of an installation are, by absolute paths. */
export interface InstallLayout {
  readonly places: OnhookPlaces;
  /** What RAS loads. */
  readonly dll: string;
  /** The Deno that runs the host. */
  readonly deno: string;
  /** The host's code. */
  readonly app: string;
  /** The npm packages that it needs, as a folder that DENO_DIR names. */
  readonly cache: string;
  /** What the scheduled task runs. */
  readonly launcher: string;
  /** The host's log; older ones are beside it, as the host's configuration says. */
  readonly log: string;
  /** What the host and Deno write to standard error: why a start failed, for one. */
  readonly errors: string;
  readonly journal: string;
}

/** @param places The standard places of the machine. */
export function installLayout(places: OnhookPlaces): InstallLayout {
  const program = (name: string): string => win32.join(places.programFolder, name);
  return {
    places,
    dll: program("onhook.dll"),
    deno: program("deno.exe"),
    app: program("app"),
    cache: program("cache"),
    launcher: program("host.cmd"),
    log: win32.join(places.stateFolder, "host.log"),
    errors: win32.join(places.stateFolder, "host.stderr.log"),
    journal: win32.join(places.stateFolder, "hangup.journal"),
  };
}
