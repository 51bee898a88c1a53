import { InputError } from "../internal/errors.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { REGISTRY_TYPES, type RegistryHive } from "../windows/registry_hive.ts";
import { registryText } from "../windows/registry_text.ts";
import { registryTypeName } from "../windows/registry_type_name.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";

/**
 * The administration DLLs that RAS would load, in its order: what stands in `DLLPath`, without
 * blanks around entries and without empty entries. Whether RAS itself passes these over is not
 * documented; Microsoft's own example has a blank behind the semicolon.
 *
 * @param hive The Windows registry.
 * @throws {InputError} When the value is no REG_SZ.
 */
export function registeredDlls(hive: RegistryHive): string[] {
  const value = hive.value(ONHOOK_KEYS.adminDll, "DLLPath");
  if (value === undefined) return [];
  if (value.type !== REGISTRY_TYPES.REG_SZ) {
    throw new InputError("Cannot start the service", [{
      source: "Windows registry",
      place: `HKLM\\${ONHOOK_KEYS.adminDll}!DLLPath`,
      found: `a ${registryTypeName(value.type)}`,
      wanted: "a REG_SZ",
    }]);
  }
  return pathListEntries(registryText(value).text).filter((entry) => entry !== "");
}
