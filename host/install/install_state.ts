import type { RegistryHive } from "../windows/registry_hive.ts";
import type { RightsFacts } from "../windows/rights_facts.ts";

/** What a DLL's file says of itself. */
export interface DllFacts {
  /** The processor that it is for, such as `x64`. */
  readonly architecture: string;
  /** The names it exports. */
  readonly exports: readonly string[];
}

/** What is true of the machine before anything is changed. */
export interface InstallState {
  /** Whether this process may change the machine. */
  readonly isAdministrator: boolean;
  /** The library that would be installed; undefined when it is no DLL. */
  readonly dll: DllFacts | undefined;
  /** A copy of the registry's keys that matter. */
  readonly hive: RegistryHive;
  /** Rights of what is there already, by path. */
  readonly rights: ReadonlyMap<string, RightsFacts>;
  /** Paths of what is there and equals what would be: files, folders, rights that are set. */
  readonly upToDate: ReadonlySet<string>;
  /** Paths that are there, among those that an installation makes. */
  readonly existing: ReadonlySet<string>;
  /** The scheduled task as it stands, undefined when there is none. */
  readonly task: string | undefined;
}
