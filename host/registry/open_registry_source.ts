import type { Clock } from "../internal/clock.ts";
import { FileRegistrySource } from "./file_registry_source.ts";
import type { RegistrySource } from "./registry_source.ts";

/**
 * Chooses where the list of plugins is read from.
 *
 * @param named The configured registry: the path of a file.
 * @param clock What its looks from time to time are timed by.
 */
export function openRegistrySource(named: string, clock: Clock): RegistrySource {
  return new FileRegistrySource(named, clock);
}
