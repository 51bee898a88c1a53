import type { PluginEntry } from "../registry/registry_schema.ts";

/**
 * The plugin with nothing granted but what it may read: what it tries beyond that is refused by
 * Deno, not left out by the plugin's good will.
 */
export function dryRunEntry(entry: PluginEntry): PluginEntry {
  const { read } = entry.permissions;
  return { ...entry, permissions: { read, write: [], net: [], env: [], sys: [] } };
}
