import { onhookPlaces } from "../windows/onhook_places.ts";
import { systemHive } from "../windows/system_hive.ts";
import type { EditWindowsRegistryOptions } from "./edit_windows_registry.ts";

/** This machine's registry, and where relative paths in it start from. */
export function windowsRegistryPlace(): EditWindowsRegistryOptions {
  return { hive: systemHive, standardFolder: onhookPlaces().pluginFolder };
}
