import type { PluginEntry } from "./registry_schema.ts";

/** A key of a registry entry. */
export type EntryKey = keyof PluginEntry;

/**
 * Says in what two entries of one plugin differ.
 *
 * @returns The keys whose values are not the same, in the order of the entries; empty when they are.
 */
export function changedKeys(before: PluginEntry, after: PluginEntry): EntryKey[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)] as EntryKey[]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
