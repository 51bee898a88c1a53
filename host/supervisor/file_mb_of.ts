import type { PluginEntry } from "../registry/registry_schema.ts";

/** Enough for what Deno itself writes down of a plugin's modules. */
const WITHOUT_WRITE_MB = 16;
const WITH_WRITE_MB = 1024;

/** The limit of any file that a plugin's process writes, in mebibytes. */
export function fileMbOf({ fileMb, permissions }: PluginEntry): number {
  return fileMb ?? (permissions.write.length > 0 ? WITH_WRITE_MB : WITHOUT_WRITE_MB);
}
