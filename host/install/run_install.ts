import { InputError } from "../internal/errors.ts";
import { applyChanges } from "./apply_changes.ts";
import { changeWords } from "./change.ts";
import { TASK_NAME } from "./install_layout.ts";
import { type InstallOptions, installPlace } from "./install_place.ts";
import { type Plan, planInstall } from "./plan_install.ts";
import { planUninstall } from "./plan_uninstall.ts";
import { readInstallState } from "./read_install_state.ts";

/** Where an installation says what it does. */
export type Say = (line: string) => void;

const AFTER_INSTALL = `
RRAS reads the list of DLLs when it starts. Until it is restarted, no events come.
Restart it at a quiet hour: that disconnects every VPN user.
  Restart-Service RemoteAccess        (PowerShell; it is never done from here)
The host starts with the machine. To start it now (deno task stop ends an older one first):
  schtasks /Run /TN ${TASK_NAME}
To check all of it:   deno task doctor
To undo all of it:    deno task uninstall`;

const AFTER_UNINSTALL = `
RRAS has the DLL loaded until it is restarted, which disconnects every VPN user:
  Restart-Service RemoteAccess        (PowerShell; it is never done from here)
The plugin list, if there is one, and the events were left as they are:
  HKLM\\SOFTWARE\\Onhook\\Plugins and the folder of the journal`;

async function carriedOut(
  { problems, changes }: Plan,
  action: string,
  run: () => Promise<string[]>,
  dryRun: boolean,
  say: Say,
): Promise<boolean> {
  if (problems.length > 0) throw new InputError(action, problems);
  if (changes.length === 0) {
    say("Nothing to change: all of it is as it should be");
    return false;
  }
  if (dryRun) {
    for (const change of changes) say(`would ${changeWords(change)}`);
    say(`${changes.length} changes; nothing has been done`);
    return false;
  }
  for (const path of await run()) {
    say(`${path} is in use and is removed when Windows starts the next time`);
  }
  return true;
}

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

/**
 * `deno task uninstall`: removes what the installer has made, RAS's list first and files last.
 *
 * @param stopHost Lets the host finish first.
 * @throws {InputError} With everything that keeps it from being removed; nothing has been done.
 * @throws {MachineError} When a change fails.
 */
export async function runUninstall(
  dryRun: boolean,
  stopHost: () => Promise<void>,
  say: Say,
): Promise<void> {
  // No library is installed, so it works in a checkout that has none.
  const { system, layout } = await installPlace({ account: "system", dll: "onhook.dll" });
  const plan = planUninstall(await readInstallState(system, layout, undefined), layout);
  const run = async () => {
    await stopHost();
    return await applyChanges(plan.changes, system, { say });
  };
  if (await carriedOut(plan, "Cannot uninstall", run, dryRun, say)) say(AFTER_UNINSTALL);
}
