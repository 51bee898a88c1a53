import { ProcessJob } from "../windows/process_job.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { memoryLimitMb } from "./memory_limit_mb.ts";

/** What a plugin's process cannot leave, nor anything that it might start. */
export interface ProcessCage {
  /** Ends all of it at once; harmless when nothing is left. */
  kill(): void;
  /** Ends what is left and gives the cage up. */
  close(): void;
}

/** Puts a process that has been started, and has not been told anything yet, into a cage. */
export type MakeCage = (pid: number, entry: PluginEntry) => ProcessCage;

const MIB = 1024 * 1024;
/**
 * What Windows counts for a job is memory that was asked for, whether it was touched or not. The
 * host's own look counts what is really held; the job is there for what happens between two looks.
 */
const UNTOUCHED_MB = 256;

/** The plugin's, and the console that Windows starts for it where the host has none. */
const PROCESSES_MAX = 2;

/**
 * A Job Object for each plugin: ended with the host however that ends, limited in memory, and
 * without room for many processes.
 *
 * @throws {NativeError} When Windows refuses; the process must not be used then.
 */
export function windowsCage(pid: number, entry: PluginEntry): ProcessCage {
  const job = ProcessJob.make({
    memoryBytes: (memoryLimitMb(entry) + UNTOUCHED_MB) * MIB,
    processesMax: PROCESSES_MAX,
  });
  try {
    job.add(pid);
  } catch (error) {
    job[Symbol.dispose]();
    throw error;
  }
  return { kill: () => job.terminate(), close: () => job[Symbol.dispose]() };
}
