import { type Config, configSchema } from "../../../host/config_schema.ts";
import { fakeEntry } from "../../../host/registry/_fake_entry.ts";
import type { PluginEntry } from "../../../host/registry/registry_schema.ts";

/** A host's configuration in which everything happens soon and everything is small. */
export const SIM_CONFIG: Config = {
  ...configSchema.parse({
    journalPath: "journal",
    stateFolder: "state",
    registryPath: "registry",
    libraryPath: "library",
  }),
  journalBytes: 8192,
  batchBytesMax: 4096,
  batchEventsMax: 16,
  idleWaitMs: 1000,
  releaseEveryMs: 200,
  recentBytesMax: 2048,
  readBytes: 1024,
  frameEventsMax: 6,
  frameBytesMax: 1024,
  startTimeoutMs: 2000,
  stopLimitMs: 1500,
  backoffFirstMs: 100,
  backoffLongestMs: 2000,
  deathsPerWindowMax: 3,
  windowMs: 20_000,
  parkedRetryMs: 15_000,
  pruneEveryMs: 5000,
};

/** A plugin whose name says what it does on a failure: `retry-1`, `hold-2`; else it skips. */
export function simEntry(id: string): PluginEntry {
  const [word] = id.split("-");
  return fakeEntry(id, {
    timeoutMs: 1000,
    onFailure: word === "retry" || word === "hold" ? word : "skip",
    retryCount: 2,
    retryFirstWaitMs: 400,
    retryLongestWaitMs: 2000,
  });
}
