import type { RightsFacts } from "../windows/rights_facts.ts";
import type { DllFacts } from "./install_state.ts";
import type { RegistryHive } from "../windows/registry_hive.ts";
import type { AllowedRight } from "../windows/allowed_right.ts";

/** What an installation does to a machine; tests put a machine in memory in its place. */
export interface InstallSystem {
  readonly hive: RegistryHive;
  /** Whether this process may change the machine. */
  isAdministrator(): boolean;
  /** What a DLL's file says of itself, undefined when it is none. */
  dllFacts(path: string): Promise<DllFacts | undefined>;
  /** Who may change something that is there, as far as these are no administrators. */
  rightsFacts(path: string): Promise<RightsFacts>;
  /** Whether something that is there has exactly these rights. */
  hasRights(path: string, rights: readonly AllowedRight[]): Promise<boolean>;
  /** Whether two files, or two folders with everything in them, hold the same. */
  isSame(from: string, to: string): Promise<boolean>;
  /** The text of a file, undefined when there is none. */
  text(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  /** @param rights These and no others; without them the folder above decides. */
  makeFolder(path: string, rights?: readonly AllowedRight[]): Promise<void>;
  setRights(path: string, rights: readonly AllowedRight[]): Promise<void>;
  /** The rights of what is there, for {@linkcode InstallSystem.restoreRights}. */
  rightsOf(path: string): Promise<Uint8Array<ArrayBuffer>>;
  restoreRights(path: string, before: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Copies a file or a folder with everything in it to a path where nothing is. */
  copy(from: string, to: string): Promise<void>;
  writeText(path: string, text: string): Promise<void>;
  /** Works for a DLL that is loaded, too. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with everything in it; fails when something is in use. */
  remove(path: string): Promise<void>;
  /** Lets the system remove it when it starts the next time. */
  removeAtReboot(path: string): Promise<void>;
  /** Removes a folder; @returns false when something is in it or it is in use. */
  removeEmpty(path: string): Promise<boolean>;
  /** The definition of a scheduled task, undefined when there is none. */
  task(name: string): Promise<string | undefined>;
  makeTask(name: string, xml: string): Promise<void>;
  removeTask(name: string): Promise<void>;
}
