import { ONHOOK_KEYS } from "./onhook_keys.ts";
import { REGISTRY_TYPES, type RegistryHive } from "./registry_hive.ts";
import { registryText } from "./registry_text.ts";
import { systemHive } from "./system_hive.ts";
import { maySystemLibrary } from "./may_system_library.ts";

/**
 * The journal that the library writes when the service's environment names none: the value
 * `JournalPath` of `HKLM\SOFTWARE\Onhook`. Both sides read it the same way.
 *
 * @param hive The registry; the machine's when it is missing, where this process may ask it.
 * @returns Undefined when there is no such REG_SZ, it is empty, or this is not Windows.
 */
export function installedJournal(hive?: RegistryHive): string | undefined {
  if (hive === undefined && !maySystemLibrary("advapi32")) return undefined;
  const value = (hive ?? systemHive).value(ONHOOK_KEYS.onhook, "JournalPath");
  if (value === undefined || value.type !== REGISTRY_TYPES.REG_SZ) return undefined;
  return registryText(value).text || undefined;
}
