import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import type { RegistryHive } from "../windows/registry_hive.ts";
import { registryText } from "../windows/registry_text.ts";
import { adminDllList } from "./admin_dll_list.ts";
import type { Change } from "./change.ts";
import { type InstallLayout } from "./install_layout.ts";
import type { InstallState } from "./install_state.ts";
import { type Plan } from "./plan_install.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";
import { editPathList } from "../windows/edit_path_list.ts";
import { textValue } from "../windows/registry_values.ts";
import { isDllEntry } from "./is_dll_entry.ts";
import { INSTALL_NAMES } from "./install_names.ts";

/**
 * Says what has to be changed so that nothing of an installation is left but the plugin list and the
 * events. Pure: looks at nothing itself.
 *
 * The order is that of safety: RAS's list first, the files last, so that RRAS is never told of a
 * DLL that is not there. Only what the installer has noted as its own is removed.
 */
export function planUninstall(state: InstallState, layout: InstallLayout): Plan {
  const list = adminDllList(state.hive);
  const problems = [...list.problems];
  if (!state.isAdministrator) {
    problems.unshift({
      source: "this process",
      place: "its rights",
      found: "no administrator",
      wanted: "a terminal that was started with Run as administrator",
    });
  }
  if (problems.length > 0) return { problems, changes: [] };
  return {
    problems,
    changes: [
      ...listChanges(state.hive, layout),
      ...(state.task === undefined
        ? []
        : [{ kind: "removeTask", name: INSTALL_NAMES.task } as const]),
      ...keyChanges(state.hive),
      ...(state.hive.key(ONHOOK_KEYS.eventSource) === undefined
        ? []
        : [removeKey(ONHOOK_KEYS.eventSource)]),
      ...fileChanges(state, layout),
    ],
  };
}

const remove = (key: string, name: string): Change => ({
  kind: "registry",
  write: { kind: "deleteValue", key, name },
  shown: `remove HKLM\\${key}!${name}`,
});

const removeKey = (key: string): Change => ({
  kind: "registry",
  write: { kind: "deleteKey", key },
  shown: `remove HKLM\\${key}`,
});

const isNoted = (hive: RegistryHive, name: string): boolean =>
  hive.value(INSTALL_NAMES.key, name) !== undefined;

function listChanges(hive: RegistryHive, { dll }: InstallLayout): Change[] {
  const { adminDll } = ONHOOK_KEYS;
  const { text, rest } = adminDllList(hive);
  const left = new Set(hive.key(adminDll)?.values.keys());
  const changes: Change[] = [];
  const without = (name: string) => {
    left.delete(name);
    changes.push(remove(adminDll, name));
  };
  if (pathListEntries(text).some(isDllEntry(dll))) {
    const others = editPathList.remove(text, isDllEntry(dll));
    if (pathListEntries(others).length === 0 && isNoted(hive, "DllPathMade")) without("DLLPath");
    else {
      const value = textValue(others, rest);
      const write = { kind: "setValue", key: adminDll, name: "DLLPath", value } as const;
      const shown = `set HKLM\\${adminDll}!DLLPath to ${JSON.stringify(others)}`
        .replaceAll("\\\\", "\\");
      changes.push({ kind: "registry", write, shown });
    }
  }
  const name = hive.value(adminDll, "DisplayName");
  if (
    name !== undefined && isNoted(hive, "DisplayNameMade") &&
    registryText(name).text === INSTALL_NAMES.displayName
  ) without("DisplayName");
  const isEmpty = left.size === 0 && hive.key(adminDll)?.subkeys.length === 0;
  if (changes.length > 0 && isEmpty) changes.push(removeKey(adminDll));
  return changes;
}

function keyChanges(hive: RegistryHive): Change[] {
  const { onhook } = ONHOOK_KEYS;
  const changes: Change[] = [];
  const ours = hive.key(onhook);
  if (ours === undefined) return [];
  const left = new Set(ours.values.keys());
  const names = isNoted(hive, "JournalPathMade") ? ["JournalPath", "HostAccount"] : ["HostAccount"];
  for (const name of names) {
    if (left.delete(name)) changes.push(remove(onhook, name));
  }
  if (hive.key(INSTALL_NAMES.key) !== undefined) changes.push(removeKey(INSTALL_NAMES.key));
  const plugins = hive.key(ONHOOK_KEYS.plugins);
  const list = plugins?.values.get("PluginPath");
  const isUnused = plugins !== undefined && plugins.subkeys.length === 0 &&
    plugins.values.size <= 1 && (list === undefined || registryText(list).text === "");
  if (isUnused) changes.push(removeKey(ONHOOK_KEYS.plugins));
  const gone = ["INSTALL", ...isUnused ? ["PLUGINS"] : []];
  const stays = ours.subkeys.some((name) => !gone.includes(name.toUpperCase()));
  if (left.size === 0 && !stays) changes.push(removeKey(onhook));
  return changes;
}

function fileChanges({ existing }: InstallState, layout: InstallLayout): Change[] {
  const { dll, deno, app, cache, launcher, places } = layout;
  const changes: Change[] = [dll, launcher, app, cache, deno]
    .filter((path) => existing.has(path)).map((path) => ({ kind: "remove", path }));
  if (existing.has(places.programFolder)) {
    changes.push({ kind: "removeEmpty", path: places.programFolder });
  }
  return changes;
}
