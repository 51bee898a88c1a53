import type { PluginEntry } from "./registry_schema.ts";

/** An entry as the registry gives it when it says little, and what a test says otherwise. */
export function fakeEntry(id: string, changes: Partial<PluginEntry> = {}): PluginEntry {
  return {
    id,
    path: `/${id}.ts`,
    enabled: true,
    permissions: { read: [], write: [], net: [], env: [], sys: [] },
    config: {},
    timeoutMs: 5000,
    memoryMb: 128,
    onFailure: "skip",
    retryCount: 5,
    retryFirstWaitMs: 1000,
    retryLongestWaitMs: 60_000,
    baseFolder: "/",
    ...changes,
  };
}
