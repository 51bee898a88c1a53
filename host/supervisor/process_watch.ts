import type { Clock, Timer } from "../internal/clock.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { CpuWindow } from "./cpu_window.ts";
import { memoryLimitMb } from "./memory_limit_mb.ts";

/** What a process uses, as the system tells it. */
export interface ProcessUse {
  /** Bytes of its memory that are in the machine's. */
  readonly residentBytes: number;
  /** Milliseconds on a processor since its start, of all its threads. */
  readonly cpuMs: number;
}

/** A plugin's process whose memory and processor time are limited. */
export interface WatchedProcess {
  readonly pid: number;
  readonly entry: Pick<
    PluginEntry,
    "id" | "memoryMb" | "residentMb" | "cpuPercent" | "cpuWindowMs"
  >;
  /** Whether it had an event in hand, or was starting, since the last time this was asked. */
  hasWorked(): boolean;
  /**
   * Called once, when it is over a limit; nobody looks at it any more then.
   *
   * @param isLasting Whether it did the same not long ago, so that a new process is of no use.
   */
  exceeded(what: string, isLasting: boolean): void;
}

/** What the registry's schema fills in; for entries that were made without it. */
const CPU_DEFAULTS = { cpuPercent: 50, cpuWindowMs: 60_000 };

const MIB = 1024 * 1024;

/** How often the processes are looked at, in milliseconds. */
const LOOK_MS = 250;

/** Over the limit of processor time twice within so many windows: a new process is of no use. */
const RELAPSE_WINDOWS = 10;

interface Watched {
  readonly process: WatchedProcess;
  readonly window: CpuWindow;
  cpuMs: number;
  atMs: number;
}

/**
 * Looks at the memory and the processor time of all plugin processes, on one timer.
 *
 * The engine's own limit knows nothing of what lies outside of its heap, and no time limit counts
 * when no event is in hand. While one is, a process may use one processor: that is what it is there
 * for, and `timeoutMs` binds it. So a plugin that catches up with a million events is never over the
 * limit, and one that computes for itself is.
 */
export class ProcessWatch {
  readonly #clock: Clock;
  readonly #readUse: (pid: number) => ProcessUse | undefined;
  readonly #watched = new Set<Watched>();
  /** When a plugin was over its limit of processor time last, by its id. */
  readonly #overCpuMs = new Map<string, number>();
  #timer: Timer | undefined;

  /** @param readUse What a process uses; `undefined` when it is gone or cannot be looked at. */
  constructor(clock: Clock, readUse: (pid: number) => ProcessUse | undefined) {
    this.#clock = clock;
    this.#readUse = readUse;
  }

  /** Begins to watch a process. @returns Ends it; must be called when the process is gone. */
  add(process: WatchedProcess): () => void {
    const nowMs = this.#clock.monotonic();
    const { cpuWindowMs = CPU_DEFAULTS.cpuWindowMs } = process.entry;
    const window = new CpuWindow(cpuWindowMs, nowMs);
    // What it has used until now was its start.
    const cpuMs = this.#readUse(process.pid)?.cpuMs ?? 0;
    const watched: Watched = { process, window, cpuMs, atMs: nowMs };
    this.#watched.add(watched);
    this.#look(watched);
    this.#lookAgain();
    return () => void this.#watched.delete(watched);
  }

  #lookAgain(): void {
    if (this.#timer !== undefined || this.#watched.size === 0) return;
    this.#timer = this.#clock.startTimer(LOOK_MS, () => {
      this.#timer = undefined;
      for (const watched of this.#watched) this.#look(watched);
      this.#lookAgain();
    });
  }

  #look(watched: Watched): void {
    const { process } = watched;
    const use = this.#readUse(process.pid);
    if (use === undefined) return void this.#watched.delete(watched);
    const overMemory = memoryWords(process.entry, use.residentBytes);
    const overCpu = this.#cpuWords(watched, use.cpuMs);
    if (overMemory === undefined && overCpu === undefined) return;
    this.#watched.delete(watched);
    const isLasting = overCpu !== undefined && this.#isRelapse(process.entry);
    process.exceeded(overMemory ?? overCpu!, isLasting);
  }

  #cpuWords(watched: Watched, cpuMs: number): string | undefined {
    const {
      cpuPercent = CPU_DEFAULTS.cpuPercent,
      cpuWindowMs = CPU_DEFAULTS.cpuWindowMs,
    } = watched.process.entry;
    const nowMs = this.#clock.monotonic();
    const usedMs = Math.max(cpuMs - watched.cpuMs, 0);
    const freeMs = watched.process.hasWorked() ? nowMs - watched.atMs : 0;
    watched.cpuMs = cpuMs;
    watched.atMs = nowMs;
    const countedMs = watched.window.add(nowMs, Math.max(usedMs - freeMs, 0));
    const limitMs = cpuWindowMs * cpuPercent / 100;
    if (countedMs <= limitMs) return undefined;
    return `it used ${Math.round(countedMs)} ms of processor time within ${cpuWindowMs} ms ` +
      `(cpuWindowMs) beside its work on events, more than the ${Math.round(limitMs)} ms that ` +
      `cpuPercent ${cpuPercent} allows; set cpuPercent in its registry entry if it needs more`;
  }

  #isRelapse({ id, cpuWindowMs = CPU_DEFAULTS.cpuWindowMs }: WatchedProcess["entry"]): boolean {
    const nowMs = this.#clock.monotonic();
    const lastMs = this.#overCpuMs.get(id);
    this.#overCpuMs.set(id, nowMs);
    return lastMs !== undefined && nowMs - lastMs < cpuWindowMs * RELAPSE_WINDOWS;
  }
}

function memoryWords(
  entry: WatchedProcess["entry"],
  residentBytes: number,
): string | undefined {
  const limitMb = memoryLimitMb(entry);
  if (residentBytes <= limitMb * MIB) return undefined;
  const which = entry.residentMb === undefined
    ? `residentMb, not set: memoryMb and ${limitMb - entry.memoryMb} more`
    : "residentMb";
  return `its process held ${Math.round(residentBytes / MIB)} MiB of memory, more than ` +
    `${limitMb} (${which}); set residentMb in its registry entry if it needs more`;
}
