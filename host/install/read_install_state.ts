import { win32 } from "node:path";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { type InstallLayout, PROGRAM_PARTS } from "./install_layout.ts";
import type { RightsFacts } from "../windows/rights_facts.ts";
import type { InstallState } from "./install_state.ts";
import type { InstallSystem } from "./install_system.ts";
import { launcherText } from "./launcher_text.ts";
import { type InstallSources } from "./plan_install.ts";
import { copyKey } from "../windows/copy_key.ts";
import { INSTALL_NAMES } from "./install_names.ts";
import { stateRights } from "./state_rights.ts";

/** Copies of the keys, so that what is planned is what was looked at. */
function registryOf(system: InstallSystem): MemoryHive {
  const hive = new MemoryHive();
  copyKey(system.hive, ONHOOK_KEYS.onhook, hive);
  copyKey(system.hive, ONHOOK_KEYS.adminDll, hive);
  copyKey(system.hive, ONHOOK_KEYS.eventSource, hive);
  return hive;
}

async function rightsOf(
  system: InstallSystem,
  { places }: InstallLayout,
): Promise<Map<string, RightsFacts>> {
  const { programFolder, stateFolder } = places;
  const rights = new Map<string, RightsFacts>();
  // Whoever may rename a folder may put another one in its place.
  for (const path of [win32.dirname(programFolder), programFolder, stateFolder]) {
    if (await system.exists(path)) rights.set(path, await system.rightsFacts(path));
  }
  return rights;
}

/** What is there and equals what would be. */
async function sameOf(
  system: InstallSystem,
  layout: InstallLayout,
  sources: InstallSources,
): Promise<Set<string>> {
  const { dll, deno, app, cache, launcher, places } = layout;
  const copies: [from: string, to: string][] = [
    [sources.dll, dll],
    [sources.deno, deno],
    [sources.npmCache, win32.join(cache, "npm")],
    ...PROGRAM_PARTS.map((part): [string, string] => [
      win32.join(sources.root, part),
      win32.join(app, part),
    ]),
  ];
  const upToDate = new Set<string>();
  for (const [from, to] of copies) if (await system.isSame(from, to)) upToDate.add(to);
  const text = launcherText(layout, sources.flags);
  if (await system.text(launcher) === text) upToDate.add(launcher);
  const { stateFolder } = places;
  const wanted = stateRights(sources.account);
  const isThere = await system.exists(stateFolder);
  if (isThere && await system.hasRights(stateFolder, wanted)) upToDate.add(stateFolder);
  return upToDate;
}

/**
 * Looks at everything that an installation needs to know. Changes nothing.
 *
 * @param sources Undefined when what is there need not be held against what would be.
 */
export async function readInstallState(
  system: InstallSystem,
  layout: InstallLayout,
  sources: InstallSources | undefined,
): Promise<InstallState> {
  const { places, dll, deno, app, cache, launcher } = layout;
  const { programFolder, stateFolder, pluginFolder } = places;
  const existing = new Set<string>();
  const folders = [programFolder, stateFolder, pluginFolder, app, cache];
  for (const path of [...folders, dll, deno, launcher]) {
    if (await system.exists(path)) existing.add(path);
  }
  return {
    isAdministrator: system.isAdministrator(),
    dll: sources && await system.dllFacts(sources.dll),
    hive: registryOf(system),
    rights: await rightsOf(system, layout),
    upToDate: sources === undefined ? new Set() : await sameOf(system, layout, sources),
    existing,
    task: await system.task(INSTALL_NAMES.task),
  };
}
