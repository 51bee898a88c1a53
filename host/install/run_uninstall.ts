import { carriedOut, type Say } from "./_carry_out.ts";
import { applyChanges } from "./apply_changes.ts";
import { installPlace } from "./install_place.ts";
import { planUninstall } from "./plan_uninstall.ts";
import { readInstallState } from "./read_install_state.ts";

const AFTER_UNINSTALL = `
RRAS has the DLL loaded until it is restarted, which disconnects every VPN user:
  Restart-Service RemoteAccess        (PowerShell; it is never done from here)
The plugin list, if there is one, and the events were left as they are:
  HKLM\\SOFTWARE\\Onhook\\Plugins and the folder of the journal`;

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
