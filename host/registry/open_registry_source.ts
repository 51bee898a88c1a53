import type { Clock } from "../internal/clock.ts";
import { FileRegistrySource } from "./file_registry_source.ts";
import { WINDOWS_REGISTRY } from "./registry_location.ts";
import type { RegistrySource } from "./registry_source.ts";
import { windowsRegistryPlace } from "./windows_registry_place.ts";
import { WindowsRegistrySource } from "./windows_registry_source.ts";

/**
 * Chooses where the list of plugins is read from.
 *
 * @param named The configured registry: the path of a file, or `windows` for the Windows registry.
 * @param clock What its looks from time to time are timed by.
 */
export function openRegistrySource(named: string, clock: Clock): RegistrySource {
  return named === WINDOWS_REGISTRY
    ? new WindowsRegistrySource(windowsRegistryPlace(), clock)
    : new FileRegistrySource(named, clock);
}
