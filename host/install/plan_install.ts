import { win32 } from "node:path";
import type { Problem } from "../internal/errors.ts";
import { describeValue } from "../registry/describe_value.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { REGISTRY_TYPES, type RegistryValue } from "../windows/registry_hive.ts";
import { adminDllList, DLL_PATH_PLACE } from "./admin_dll_list.ts";
import type { Change } from "./change.ts";
import { dllProblems } from "./dll_problems.ts";
import { type InstallLayout, PROGRAM_PARTS } from "./install_layout.ts";
import type { InstallState } from "./install_state.ts";
import { launcherText } from "./launcher_text.ts";
import { stateRights } from "./state_rights.ts";
import { taskXml } from "./task_xml.ts";
import { editPathList } from "../windows/edit_path_list.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";
import { isDllEntry } from "./is_dll_entry.ts";
import { INSTALL_NAMES } from "./install_names.ts";

/** A file of Windows with messages that are nothing but the text that is logged. */
const MESSAGES = "%SystemRoot%\\System32\\EventCreate.exe";
const MESSAGE_FILE = { ...textValue(MESSAGES), type: REGISTRY_TYPES.REG_EXPAND_SZ };
/** Errors, warnings, information. */
const EVENT_TYPES = 7;

/** Where an installation comes from and who runs it. */
export interface InstallSources {
  /** The library. */
  readonly dll: string;
  /** The Deno that installs. */
  readonly deno: string;
  /** The checkout. */
  readonly root: string;
  /** The folder of npm packages: `npm` of a DENO_DIR. */
  readonly npmCache: string;
  /** The account of the host, as a SID. */
  readonly account: string;
  /** The flags of `deno run` for the host. */
  readonly flags: readonly string[];
}

/** What an installation would do. */
export interface Plan {
  /** What keeps it from being done; nothing is changed then. */
  readonly problems: readonly Problem[];
  /** What would be changed, in this order; nothing when all is there. */
  readonly changes: readonly Change[];
}

/**
 * Says what an installation has to change, of what it finds. Pure: looks at nothing itself.
 *
 * The order is that of safety: files first, RAS's list last, so that RRAS can never be told of a DLL
 * that is not there.
 */
export function planInstall(
  state: InstallState,
  layout: InstallLayout,
  sources: InstallSources,
): Plan {
  const problems = [
    ...machineProblems(state, layout),
    ...dllProblems(sources.dll, state.dll),
    ...listProblems(state, layout),
  ];
  if (problems.length > 0) return { problems, changes: [] };
  return {
    problems,
    changes: [
      ...fileChanges(state, layout, sources),
      ...keyChanges(state, layout, sources),
      ...taskChanges(state, layout, sources),
      ...listChanges(state, layout),
    ],
  };
}

function machineProblems(
  { isAdministrator, rights }: InstallState,
  layout: InstallLayout,
): Problem[] {
  const problems: Problem[] = [];
  if (!isAdministrator) {
    problems.push({
      source: "this process",
      place: "its rights",
      found: "no administrator",
      wanted: "a terminal that was started with Run as administrator",
    });
  }
  for (const [path, { foreignOwner, writers }] of rights) {
    const isState = path === layout.places.stateFolder;
    if (foreignOwner !== undefined) {
      problems.push({
        source: "folder",
        place: path,
        found: `the owner ${foreignOwner}`,
        wanted:
          "SYSTEM, Administrators or TrustedInstaller; somebody may have made it beforehand: " +
          "look at what is in it and remove it",
      });
    }
    // The state folder's rights are set; those of program folders are the administrator's.
    if (writers.length > 0 && !isState) {
      problems.push({
        source: "folder",
        place: path,
        found: `rights to write for ${writers.join(", ")}`,
        wanted: "none but for administrators: RRAS loads a DLL from there as SYSTEM",
      });
    }
  }
  return problems;
}

function listProblems({ hive }: InstallState, { dll }: InstallLayout): Problem[] {
  const list = adminDllList(hive);
  const problems = [...list.problems];
  if (/[;%"]/.test(dll)) {
    const wanted = "a folder without ; % and quotes: the list of DLLs cannot say them";
    problems.push({ source: "library", place: dll, found: "its path", wanted });
  }
  const others = pathListEntries(list.text).filter((entry) =>
    !isDllEntry(dll)(entry) && win32.basename(entry).toLowerCase() === win32.basename(dll)
  );
  for (const other of others) {
    problems.push({
      source: "Windows registry",
      place: DLL_PATH_PLACE,
      found: `${describeValue(other)}, another Onhook`,
      wanted: "one alone: both would write the same events; uninstall that one first",
    });
  }
  return problems;
}

function fileChanges(
  { existing, upToDate }: InstallState,
  layout: InstallLayout,
  sources: InstallSources,
): Change[] {
  const { places, dll, deno, app, cache, launcher } = layout;
  const { programFolder, stateFolder, pluginFolder } = places;
  const changes: Change[] = [];
  const folder = (path: string, wanted?: readonly AllowedRight[]) => {
    if (wanted === undefined ? existing.has(path) : upToDate.has(path)) return;
    changes.push({ kind: "folder", path, ...(wanted === undefined ? {} : { rights: wanted }) });
  };
  const copy = (from: string, to: string) => {
    if (!upToDate.has(to)) changes.push({ kind: "copy", from, to });
  };
  folder(programFolder);
  copy(sources.deno, deno);
  folder(app);
  for (const part of PROGRAM_PARTS) copy(win32.join(sources.root, part), win32.join(app, part));
  folder(cache);
  copy(sources.npmCache, win32.join(cache, "npm"));
  if (!upToDate.has(launcher)) {
    changes.push({ kind: "file", path: launcher, text: launcherText(layout, sources.flags) });
  }
  copy(sources.dll, dll);
  folder(stateFolder, stateRights(sources.account));
  folder(pluginFolder);
  return changes;
}

function setter(hive: InstallState["hive"]) {
  return (key: string, name: string, value: RegistryValue, shown: string): Change[] => {
    const before = hive.value(key, name);
    const isSame = before?.type === value.type && before.bytes.toHex() === value.bytes.toHex();
    if (isSame) return [];
    const write = { kind: "setValue", key, name, value } as const;
    return [{ kind: "registry", write, shown: `set HKLM\\${key}!${name} to ${shown}` }];
  };
}

function keyChanges(
  { hive }: InstallState,
  { dll, journal }: InstallLayout,
  { account }: InstallSources,
): Change[] {
  const set = setter(hive);
  const { onhook, plugins, eventSource } = ONHOOK_KEYS;
  const changes = [
    // A journal that somebody has put elsewhere stays there.
    ...hive.value(onhook, "JournalPath") === undefined
      ? [
        ...set(onhook, "JournalPath", textValue(journal), journal),
        ...set(INSTALL_NAMES.key, "JournalPathMade", numberValue(1), "1"),
      ]
      : [],
    ...set(onhook, "HostAccount", textValue(account), account),
    ...set(INSTALL_NAMES.key, "Dll", textValue(dll), dll),
    ...set(eventSource, "EventMessageFile", MESSAGE_FILE, MESSAGES),
    ...set(eventSource, "TypesSupported", numberValue(EVENT_TYPES), String(EVENT_TYPES)),
  ];
  if (hive.value(plugins, "PluginPath") !== undefined) return changes;
  return [...changes, ...set(plugins, "PluginPath", textValue(""), "an empty list")];
}

function taskChanges(
  { task }: InstallState,
  { launcher }: InstallLayout,
  { account }: InstallSources,
): Change[] {
  const xml = taskXml({ account, launcher });
  // Windows gives a task back in other words; what it runs and as whom is what counts.
  const isSame = task !== undefined && task.includes(`"${launcher}"<`) &&
    task.includes(`>${account}<`);
  return isSame ? [] : [{ kind: "task", name: INSTALL_NAMES.task, xml }];
}

function listChanges({ hive }: InstallState, { dll }: InstallLayout): Change[] {
  const set = setter(hive);
  const { adminDll } = ONHOOK_KEYS;
  const list = adminDllList(hive);
  const isListed = pathListEntries(list.text).some(isDllEntry(dll));
  const changes: Change[] = [];
  if (!list.isThere) changes.push(...set(INSTALL_NAMES.key, "DllPathMade", numberValue(1), "1"));
  if (hive.value(adminDll, "DisplayName") === undefined) {
    changes.push(
      ...set(INSTALL_NAMES.key, "DisplayNameMade", numberValue(1), "1"),
      ...set(
        adminDll,
        "DisplayName",
        textValue(INSTALL_NAMES.displayName),
        describeValue(INSTALL_NAMES.displayName),
      ),
    );
  }
  if (isListed) return changes;
  const text = editPathList.append(list.text, dll);
  const value = textValue(text, list.rest);
  return [...changes, ...set(adminDll, "DLLPath", value, describeLong(text))];
}

/** The whole list: whoever reads a dry run wants to see that the others' entries stay. */
function describeLong(text: string): string {
  return JSON.stringify(text).replaceAll("\\\\", "\\");
}
