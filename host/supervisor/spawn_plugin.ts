import { join, toFileUrl } from "@std/path";
import type { Clock, Timer } from "../internal/clock.ts";
import { PluginError } from "../internal/errors.ts";
import { newestChange } from "../internal/newest_change.ts";
import { AnswerReader, makeMarker } from "../protocol/answer_frames.ts";
import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import { FRAME_LIMITS } from "../protocol/limits.ts";
import { LineReader } from "../protocol/line_reader.ts";
import type { OnceLimits, StartMessage } from "../protocol/messages.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import { PROTOCOL_VERSION } from "../protocol/protocol_version.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { AnswerDispatcher } from "./answer_dispatcher.ts";
import { buildFlags } from "./build_flags.ts";
import { type DenoPlaces, fileLimitWords } from "./deno_places.ts";
import { fileMbOf } from "./file_mb_of.ts";
import { findLinkOut } from "./find_link_out.ts";
import { limitsOf } from "./limits_of.ts";
import { LogBudget } from "./log_budget.ts";
import { lockPathFor } from "./lock_file.ts";
import { type ModuleGraph, moduleGraph } from "./module_graph.ts";
import { makePluginHome } from "./plugin_home.ts";
import { seedCompiled } from "./_seed_compiled.ts";
import type { MakeCage, ProcessCage } from "./process_cage.ts";
import type { ProcessWatch } from "./process_watch.ts";
import { ReadBudget } from "./read_budget.ts";
import { spawnChild } from "./spawn_child.ts";
import type { PluginChild } from "./plugin_child.ts";
import type { PluginListener, PluginProcess, StartPlugin } from "./plugin_process.ts";

/** What every plugin process of a host has in common. */
export interface SpawnOptions {
  readonly clock: Clock;
  readonly places: DenoPlaces;
  /** The host's state folder, absolute. */
  readonly stateFolder: string;
  /** Limits memory and processor time; without it nobody looks at them. */
  readonly watch?: ProcessWatch | undefined;
  /** Puts each process into a cage; on Windows a Job Object. */
  readonly makeCage?: MakeCage | undefined;
  /**
   * Lines of log that one plugin may write in a second; more are dropped and counted. What its entry
   * says goes before.
   */
  readonly logLinesPerSecondMax: number;
  /** Bytes that one plugin may write around the runner in a second; more wait in its pipe. */
  readonly strayBytesPerSecondMax: number;
  /** Limits of `ctx.once`; without them the protocol's. */
  readonly once?: OnceLimits | undefined;
}

const MIB = 1024 * 1024;

/** What is read of a plugin's output at a time; answers are short. */
const READ_BYTES = 16 * 1024;

/** What V8 says before it gives up. */
const OUT_OF_MEMORY = /JavaScript (?:heap )?out of memory|Reached heap limit/;

/** How long the host looks away from a plugin whose log is over its limit, per read. */
const SLOW_DOWN_MS = 10;

/** @returns A function that starts plugins as processes of the operating system. */
export function pluginSpawner(options: SpawnOptions): StartPlugin {
  return async (entry, listener, signal) => {
    const { guard, runnerPath } = options.places;
    const graph = await moduleGraph(entry, options.places.configPath, signal, guard);
    const known = { modules: graph.files, changedMs: await newestChange(graph.files) };
    await refuseLinksOut(entry, listener);
    const flags = processFlags(entry, graph, options);
    const env = await processEnvironment(entry, options);
    signal.throwIfAborted();
    const limits = options.places.hasFileLimits ? fileLimitWords(fileMbOf(entry) * MIB) : [];
    const words = [...guard, ...limits, Deno.execPath(), "run", ...flags, runnerPath];
    const child = await spawnChild({ words, cwd: entry.baseFolder, env });
    // The runner loads nothing before its first message, so nothing of the plugin runs outside.
    const cage = caged(child, entry, options);
    return new SpawnedPlugin(child, entry, known, listener, options, cage).start();
  };
}

/** @throws {NativeError} When there is no cage for it; the process is gone then. */
function caged(
  child: PluginChild,
  entry: PluginEntry,
  { makeCage }: SpawnOptions,
): ProcessCage | undefined {
  try {
    return makeCage?.(child.pid, entry);
  } catch (error) {
    killed(child);
    for (const stream of [child.stdin, child.stdout, child.stderr]) ignoreEnd(stream);
    throw error;
  }
}

function ignoreEnd(stream: ReadableStream | WritableStream): void {
  const over = stream instanceof ReadableStream ? stream.cancel() : stream.abort();
  over.catch(() => {});
}

function killed(child: PluginChild): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It may have ended by itself between two looks.
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** @throws {PluginError} When what is granted holds a link that leads out of it. */
async function refuseLinksOut(
  { id, permissions }: PluginEntry,
  listener: PluginListener,
): Promise<void> {
  // One by one: a link from what may be written to what may only be read would lead out as well.
  for (const kind of ["read", "write"] as const) {
    const { found, isCut } = await findLinkOut(permissions[kind]);
    if (found !== undefined) {
      throw new PluginError(
        `Cannot start the plugin ${id}: ${found.link} is a symbolic link to ${found.target}, wanted ` +
          `none that leads out of what permissions.${kind} grants; grant the target too, or take the ` +
          "link away",
      );
    }
    if (!isCut) continue;
    const message = `There are too many files in what permissions.${kind} grants to look for ` +
      "symbolic links in all of it";
    listener.log({ level: "warn", message });
  }
}

function processFlags(
  entry: PluginEntry,
  { files, packages }: ModuleGraph,
  { places: { configPath, lock } }: SpawnOptions,
): string[] {
  const { id, permissions, memoryMb } = entry;
  const lockPath = lockPathFor(packages, lock);
  return buildFlags({ plugin: id, modules: files, permissions, memoryMb, configPath, lockPath });
}

/** Nothing of the host's environment reaches a plugin but what its registry entry names. */
async function processEnvironment(
  entry: PluginEntry,
  options: SpawnOptions,
): Promise<Record<string, string>> {
  const { stateFolder, places: { npmCache, compiledCache, compiledHost } } = options;
  const home = await makePluginHome(stateFolder, entry.id, npmCache);
  await seedCompiled(join(compiledCache, compiledHost), join(home, "gen", compiledHost));
  const environment: Record<string, string> = {
    DENO_DIR: home,
    DENO_NO_UPDATE_CHECK: "1",
    // On Windows it is a copy of Deno in each plugin's folder.
    DENO_DISABLE_NODE_SHIM: "1",
    NO_COLOR: "1",
  };
  if (Deno.build.os === "linux") {
    // Without these, glibc keeps a heap for each thread and gives little of it back.
    environment["MALLOC_ARENA_MAX"] = "1";
    environment["MALLOC_TRIM_THRESHOLD_"] = "65536";
    // A frame of events takes about 40 kB, which then go back to the system with the frame.
    environment["MALLOC_MMAP_THRESHOLD_"] = "32768";
  }
  const systemRoot = Deno.build.os === "windows" ? Deno.env.get("SystemRoot") : undefined;
  if (systemRoot !== undefined) environment["SystemRoot"] = systemRoot;
  for (const name of entry.permissions.env) {
    const value = Deno.env.get(name);
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

class SpawnedPlugin implements PluginProcess {
  readonly pid: number;
  readonly modules: readonly string[];
  readonly changedMs: number;
  readonly #child: PluginChild;
  readonly #entry: PluginEntry;
  readonly #listener: PluginListener;
  readonly #budget: LogBudget;
  readonly #linesMax: number;
  readonly #clock: Clock;
  readonly #once: OnceLimits | undefined;
  readonly #reads: ReadBudget;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #isOutOfMemory = false;
  #isOver = false;
  readonly #slowDowns = new Set<() => void>();
  #droppedTimer: Timer | undefined;
  readonly #watch: ProcessWatch | undefined;
  readonly #cage: ProcessCage | undefined;
  #endWatch: (() => void) | undefined;

  constructor(
    child: PluginChild,
    entry: PluginEntry,
    { modules, changedMs }: { readonly modules: readonly string[]; readonly changedMs: number },
    listener: PluginListener,
    options: SpawnOptions,
    cage: ProcessCage | undefined,
  ) {
    this.#cage = cage;
    this.pid = child.pid;
    this.modules = modules;
    this.changedMs = changedMs;
    this.#child = child;
    this.#entry = entry;
    this.#listener = listener;
    this.#clock = options.clock;
    this.#once = options.once;
    this.#watch = options.watch;
    this.#reads = new ReadBudget(options.clock, options.strayBytesPerSecondMax);
    this.#linesMax = limitsOf(entry, options).logLinesPerSecondMax;
    this.#budget = new LogBudget(options.clock, this.#linesMax);
    this.#writer = child.stdin.getWriter();
  }

  /** Sends the first message and begins to listen. */
  start(): this {
    const marker = makeMarker(crypto.getRandomValues(new Uint8Array(8)));
    const message: StartMessage = {
      protocol: PROTOCOL_VERSION,
      plugin: this.#entry.id,
      module: toFileUrl(this.#entry.path).href,
      config: this.#entry.config,
      timeoutMs: this.#entry.timeoutMs,
      haltOnFailure: this.#entry.onFailure !== "skip",
      ...(this.#entry.messageBytesMax && { messageBytesMax: this.#entry.messageBytesMax }),
      ...(this.#once && { once: this.#once }),
      marker: marker.toHex(),
    };
    this.send(encodeControlFrame(TO_PLUGIN.start, message));
    this.#listen(marker);
    this.#endWatch = this.#watch?.add({
      pid: this.pid,
      entry: this.#entry,
      hasWorked: () => this.#listener.hasWorked(),
      exceeded: (what, isLasting) => this.#listener.exceeded(what, isLasting),
    });
    return this;
  }

  send(frame: Uint8Array<ArrayBuffer>, done: () => void = () => {}): void {
    // A write to a dead process fails; that it is dead is told by `exited`.
    this.#writer.write(frame).then(done, done);
  }

  kill(): void {
    this.#cage?.kill();
    killed(this.#child);
  }

  async #listen(marker: Uint8Array): Promise<void> {
    const dispatcher = new AnswerDispatcher(this.#listener, this.#budget);
    const answers = new AnswerReader(marker, {
      frame: (kind, payload) => dispatcher.frame(kind, payload),
      stray: (line) => dispatcher.stray("stdout", line),
      broken: (what) => dispatcher.broken(what),
    }, this.#entry.messageBytesMax);
    const errors = new LineReader(FRAME_LIMITS.strayLineBytesMax, (line) => {
      this.#isOutOfMemory ||= OUT_OF_MEMORY.test(line);
      dispatcher.stray("stderr", line);
    });
    const exited = this.#child.status.finally(() => this.#endSlowDowns());
    await Promise.all([
      this.#read(this.#child.stdout, (chunk) => answers.push(chunk), () => answers.end()),
      this.#read(this.#child.stderr, (chunk) => {
        errors.push(chunk);
        return chunk.byteLength;
      }, () => errors.end()),
    ]);
    const status = await exited;
    // Not waited for: a write that still hangs must not keep the death from being told.
    this.#writer.abort().catch(() => {});
    this.#droppedTimer?.cancel();
    this.#endWatch?.();
    this.#cage?.close();
    this.#sayDropped();
    this.#listener.exited({
      code: status.code,
      signal: status.signal,
      isOutOfMemory: this.#isOutOfMemory,
    });
  }

  async #read(
    stream: ReadableStream<Uint8Array>,
    push: (chunk: Uint8Array) => number,
    end: () => void,
  ): Promise<void> {
    // One buffer for all reads: with a new one for each, as the stream would make them, the engine
    // collects garbage all the time and a fifth of the host's processor time is that.
    const reader = stream.getReader({ mode: "byob" });
    let buffer = new ArrayBuffer(READ_BYTES);
    while (true) {
      const { value: chunk } = await reader.read(new Uint8Array(buffer));
      if (chunk === undefined || chunk.byteLength === 0) break;
      buffer = chunk.buffer;
      const waitMs = this.#reads.charge(() => push(chunk));
      this.#listener.turn();
      this.#sayDroppedSoon();
      if (waitMs > 0) await this.#slowDown(waitMs);
      else if (this.#budget.isSpent) await this.#slowDown(SLOW_DOWN_MS);
    }
    end();
    this.#listener.turn();
  }

  /**
   * A flood fills the pipe and then waits, instead of taking the host's time. What a dead process
   * has left is read at once: its death must not be told late.
   */
  #slowDown(delayMs: number): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.startTimer(delayMs, () => over());
    const over = () => {
      timer.cancel();
      this.#slowDowns.delete(over);
      resolve();
    };
    this.#slowDowns.add(over);
    return promise;
  }

  #endSlowDowns(): void {
    this.#isOver = true;
    for (const over of [...this.#slowDowns]) over();
  }

  /** The count of dropped lines is told once a second, not for each line. */
  #sayDroppedSoon(): void {
    if (!this.#budget.isSpent || this.#droppedTimer !== undefined) return;
    this.#droppedTimer = this.#clock.startTimer(this.#budget.msToRefill(), () => {
      this.#droppedTimer = undefined;
      this.#sayDropped();
    });
  }

  #sayDropped(): void {
    const dropped = this.#budget.takeDropped();
    if (dropped === 0) return;
    this.#listener.log({
      level: "warn",
      message: `${dropped} lines of log were dropped: more than ${this.#linesMax} in a second ` +
        "(logLinesPerSecondMax); let it say less, or set logLinesPerSecondMax in its registry entry",
    });
  }
}
