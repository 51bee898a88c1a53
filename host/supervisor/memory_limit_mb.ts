import type { PluginEntry } from "../registry/registry_schema.ts";

/** What a plugin's process may hold beyond its heap's limit, when the registry does not say. */
const OUTSIDE_HEAP_MB = 256;

/** The limit of a plugin's memory as a whole. @returns Mebibytes. */
export function memoryLimitMb(
  { residentMb, memoryMb }: Pick<PluginEntry, "residentMb" | "memoryMb">,
): number {
  return residentMb ?? memoryMb + OUTSIDE_HEAP_MB;
}
