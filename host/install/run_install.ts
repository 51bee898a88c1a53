import { carriedOut, type Say } from "./_carry_out.ts";
import { applyChanges } from "./apply_changes.ts";
import { INSTALL_NAMES } from "./install_names.ts";
import { type InstallOptions, installPlace } from "./install_place.ts";
import { planInstall } from "./plan_install.ts";
import { readInstallState } from "./read_install_state.ts";

const AFTER_INSTALL = `
RRAS reads the list of DLLs when it starts. Until it is restarted, no events come.
Restart it at a quiet hour: that disconnects every VPN user.
  Restart-Service RemoteAccess        (PowerShell; it is never done from here)
The host starts with the machine. To start it now (deno task stop ends an older one first):
  schtasks /Run /TN ${INSTALL_NAMES.task}
To check all of it:   deno task doctor
To undo all of it:    deno task uninstall`;

/**
 * `deno task install`: checks, then makes the changes, each of which is undone when a later one
 * fails. RRAS is never restarted.
 *
 * @throws {InputError} With everything that keeps it from being installed; nothing has been done.
 * @throws {MachineError} When a change fails.
 */
export async function runInstall(options: InstallOptions, say: Say): Promise<void> {
  const { system, layout, sources } = await installPlace(options);
  const plan = planInstall(await readInstallState(system, layout, sources), layout, sources);
  const run = () => applyChanges(plan.changes, system, { say });
  if (await carriedOut(plan, "Cannot install", run, options.dryRun, say)) say(AFTER_INSTALL);
}
