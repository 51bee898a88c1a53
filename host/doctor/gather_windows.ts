import { win32 } from "node:path";
import { InputError } from "../internal/errors.ts";
import { adminDllList, isEntry } from "../install/admin_dll_list.ts";
import { type InstallLayout, TASK_NAME } from "../install/install_layout.ts";
import { scheduledTasks } from "../install/scheduled_tasks.ts";
import { fileRights } from "../windows/file_rights.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { pathListEntries } from "../windows/path_list.ts";
import { peFile } from "../windows/pe_file.ts";
import { registryText } from "../windows/registry_text.ts";
import { type RightsFacts, rightsFacts } from "../windows/rights_facts.ts";
import { serviceState } from "../windows/service_manager.ts";
import { systemHive } from "../windows/system_hive.ts";
import { systemTool } from "../windows/system_tool.ts";
import type { DllListFacts, ListedDll } from "./check_dll_list.ts";
import type { GuardedPath } from "./check_rights.ts";
import type { ServiceFacts } from "./check_service.ts";
import type { Finding } from "./finding.ts";
import { type LoggedEvent, loggedEvents } from "./logged_events.ts";

const SERVICE = "RemoteAccess";
const ENTRIES = 20;

/** Nothing when it is not there or may not be looked at. */
function rightsOf(path: string): RightsFacts | undefined {
  try {
    Deno.statSync(path);
    return rightsFacts(fileRights.read(path), fileRights.ownSid());
  } catch {
    return undefined;
  }
}

/** A file is as open as it and its folder are. */
function rightsOfFile(path: string): RightsFacts | undefined {
  const [file, folder] = [rightsOf(path), rightsOf(win32.dirname(path))];
  if (file === undefined || folder === undefined) return file ?? folder;
  return {
    foreignOwner: file.foreignOwner ?? folder.foreignOwner,
    writers: [...new Set([...file.writers, ...folder.writers])],
  };
}

async function listedDll(entry: string, ours: string): Promise<ListedDll> {
  const isOurs = isEntry(ours)(entry);
  const path = entry.replace(/^"(.*)"$/, "$1");
  try {
    const dll = peFile(await Deno.readFile(path), path);
    return { entry, isOurs, exists: true, dll, rights: rightsOfFile(path) };
  } catch (error) {
    const exists = error instanceof InputError;
    return { entry, isOurs, exists, dll: undefined, rights: rightsOfFile(path) };
  }
}

/** The library that is installed, as the installer noted it. */
export function installedDll(layout: InstallLayout): string {
  const value = systemHive.value(`${ONHOOK_KEYS.onhook}\\Install`, "Dll");
  return value === undefined ? layout.dll : registryText(value).text;
}

/** RAS's list, and what the files in it say of themselves. */
export async function gatherDllList(layout: InstallLayout): Promise<DllListFacts> {
  const { isThere, text, problems } = adminDllList(systemHive);
  const ours = installedDll(layout);
  const dlls = await Promise.all(pathListEntries(text).map((entry) => listedDll(entry, ours)));
  return { isThere, problem: problems[0]?.found, dlls };
}

/** What RRAS and the host rely on, as far as it is there. */
export function gatherRights(
  layout: InstallLayout,
  journalPath: string,
  stateFolder: string,
): GuardedPath[] {
  const paths: [path: string, what: string][] = [
    [layout.places.programFolder, "the program's folder"],
    [win32.dirname(journalPath), "the journal's folder"],
    [journalPath, "the journal"],
    [stateFolder, "the state folder"],
  ];
  return paths.filter(([path], index) => paths.findIndex(([other]) => other === path) === index)
    .flatMap(([path, what]) => {
      const rights = rightsOf(path);
      return rights === undefined ? [] : [{ path, what, rights }];
    });
}

async function logged(query: string): Promise<LoggedEvent[] | string> {
  const { success, stdout, stderr } = await systemTool("wevtutil", [
    ...["qe", "System", `/q:${query}`, `/c:${ENTRIES}`, "/rd:true", "/f:xml"],
  ]);
  return success ? loggedEvents(stdout) : stderr.trim() || "wevtutil.exe said nothing";
}

/** RRAS's state and its newest failures. */
export async function gatherService(): Promise<ServiceFacts> {
  const [remoteAccess, ends] = await Promise.all([
    logged(`*[System[Provider[@Name='${SERVICE}'] and (Level=1 or Level=2 or Level=3)]]`),
    logged("*[System[Provider[@Name='Service Control Manager'] and EventID=7024]]"),
  ]);
  const problem = [remoteAccess, ends].find((entries) => typeof entries === "string");
  // Its name as Windows shows it, which is another one in each language.
  const isOurs = ({ data }: LoggedEvent): boolean =>
    data.some((text) => /remote ?access|RAS\b/i.test(text));
  return {
    state: serviceState(SERVICE),
    remoteAccess: typeof remoteAccess === "string" ? [] : remoteAccess,
    ends: typeof ends === "string" ? [] : ends.filter(isOurs),
    logProblem: problem as string | undefined,
  };
}

/** The scheduled task that starts the host. */
export async function checkTask(): Promise<Finding> {
  const check = "host-task";
  const definition = await scheduledTasks.definition(TASK_NAME);
  return definition === undefined
    ? {
      check,
      severity: "warning",
      found: `there is no scheduled task ${TASK_NAME}`,
      matters: "the host does not start with the machine; events wait until somebody starts it",
      remedy: "deno task install, from an elevated terminal",
    }
    : {
      check,
      severity: "fine",
      found: `the scheduled task ${TASK_NAME}`,
      matters: "the host starts with the machine",
    };
}

/** The host's account, by the name that rights are told with. */
export function hostAccount(): string {
  const value = systemHive.value(ONHOOK_KEYS.onhook, "HostAccount");
  const sid = value === undefined ? "S-1-5-19" : registryText(value).text;
  return { "S-1-5-19": "LOCAL SERVICE", "S-1-5-20": "NETWORK SERVICE" }[sid] ?? sid;
}
