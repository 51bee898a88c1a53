import { win32 } from "node:path";
import { adminDllList } from "../install/admin_dll_list.ts";
import type { InstallLayout } from "../install/install_layout.ts";
import { INSTALL_NAMES } from "../install/install_names.ts";
import { isDllEntry } from "../install/is_dll_entry.ts";
import { InputError } from "../internal/errors.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";
import { peFile } from "../windows/pe_file.ts";
import { registryText } from "../windows/registry_text.ts";
import type { RightsFacts } from "../windows/rights_facts.ts";
import { systemHive } from "../windows/system_hive.ts";
import { rightsOf } from "./_rights_of.ts";
import type { DllListFacts, ListedDll } from "./check_dll_list.ts";

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
  const isOurs = isDllEntry(ours)(entry);
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
function installedDll(layout: InstallLayout): string {
  const value = systemHive.value(INSTALL_NAMES.key, "Dll");
  return value === undefined ? layout.dll : registryText(value).text;
}

/** RAS's list, and what the files in it say of themselves. */
export async function gatherDllList(layout: InstallLayout): Promise<DllListFacts> {
  const { isThere, text, problems } = adminDllList(systemHive);
  const ours = installedDll(layout);
  const dlls = await Promise.all(pathListEntries(text).map((entry) => listedDll(entry, ours)));
  return { isThere, problem: problems[0]?.found, dlls };
}
