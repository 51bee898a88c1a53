import type { Config } from "./config_schema.ts";
import { JournalRelease } from "./journal_release.ts";
import { JournalReader } from "./ffi/journal_reader.ts";
import type { JournalStatistics } from "./ffi/journal_statistics.ts";
import { type Clock, systemClock, type Timer } from "./internal/clock.ts";
import type { HostLog } from "./internal/host_log.ts";
import { newestChange } from "./internal/newest_change.ts";
import { type Random, systemRandom } from "./internal/random.ts";
import { ProcessReader } from "./process_reader.ts";
import type { LaneReport } from "./pipeline/lane_statistics.ts";
import { Pipeline } from "./pipeline/pipeline.ts";
import { Pruner } from "./pipeline/pruner.ts";
import type { Registry } from "./registry/registry_schema.ts";
import type { RegistrySource } from "./registry/registry_source.ts";
import { RegistryReloader } from "./registry_reloader.ts";
import { openHostStore } from "./store/open_host_store.ts";
import type { Store, StoreRequest } from "./store/store.ts";
import type { StartPlugin } from "./supervisor/plugin_process.ts";
import { systemSpawner } from "./system_spawner.ts";
import { WakeWatch } from "./wake_watch.ts";

/**
 * How long the next batch waits for plugins that are nearly with the newest events, in milliseconds.
 * What waits is in the journal, which has room for much more.
 */
const KEEP_UP_LIMIT_MS = 50;

/** How often the host looks for requests of commands and for mended plugins, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** When there is more to drop than is dropped at a time, how soon the rest is, in milliseconds. */
const PRUNE_MORE_MS = 1000;

/** The journal as the host reads it. */
export type Journal = Pick<
  JournalReader,
  "drain" | "wait" | "wakeState" | "interrupt" | "commit" | "statistics" | "close"
>;

/** Where the host ends and the system begins; a simulation stands here instead. */
export interface HostSystem {
  openJournal(): Journal;
  openStore(clock: Clock): Store;
  readonly startPlugin: StartPlugin;
  /** When one of these files changed last, in milliseconds since 1970 UTC. */
  newestChange(files: readonly string[]): Promise<number>;
}

/** What a host is made of; tests put other parts in place of the system's. */
export interface HostParts {
  readonly config: Config;
  readonly registry: Registry;
  /** Where the registry is from; without it no change of it is taken up. */
  readonly registrySource?: RegistrySource;
  /** Path of the native library. */
  readonly libraryPath: string;
  readonly log: HostLog;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly system?: HostSystem;
}

/** What a host has seen and done. */
export interface HostReport {
  /** Sequence of the newest event. */
  readonly newest: number;
  /** Every event up to this one is settled by all plugins. */
  readonly settledByAll: number;
  /** The plugins in call order. */
  readonly plugins: readonly LaneReport[];
  /** What the journal's header says. */
  readonly journal: JournalStatistics;
}

/**
 * The composition root: builds each room from one configuration, starts them in order, and runs
 * the one flow from the journal through the store to the plugins.
 */
export class Host {
  /** Rejected when the store turns out to be damaged; a host that is opened anew mends it. */
  readonly damaged: Promise<never>;
  readonly #parts: HostParts;
  readonly #clock: Clock;
  readonly #reader: Journal;
  readonly #store: Store;
  readonly #processes: ProcessReader | undefined;
  readonly #pipeline: Pipeline;
  readonly #pruner: Pruner;
  readonly #wakes: WakeWatch;
  #isStopping = false;
  #stopped: Promise<void> | undefined;
  readonly #release: JournalRelease;
  #pruneTimer: Timer | undefined;
  #lookTimer: Timer | undefined;
  #hasTakenStops = false;
  readonly #stopAsked = Promise.withResolvers<void>();
  #reloader: RegistryReloader | undefined;

  private constructor(
    parts: HostParts,
    reader: Journal,
    store: Store,
    processes: ProcessReader | undefined,
    pipeline: Pipeline,
    damaged: Promise<never>,
  ) {
    this.#parts = parts;
    this.damaged = damaged;
    this.#clock = parts.clock ?? systemClock;
    this.#reader = reader;
    this.#store = store;
    this.#processes = processes;
    this.#pipeline = pipeline;
    this.#pruner = new Pruner({ store, pipeline, log: parts.log, limits: parts.config });
    this.#wakes = new WakeWatch(parts.log);
    this.#release = new JournalRelease({
      journal: reader,
      store,
      clock: this.#clock,
      log: parts.log,
      everyMs: parts.config.releaseEveryMs,
    });
  }

  /**
   * Opens the journal and the store. No plugin runs yet.
   *
   * @throws {NativeError} When the journal or the library cannot be opened.
   * @throws {StoreError} When the store cannot be opened.
   */
  static async open(parts: HostParts): Promise<Host> {
    const { config, registry, libraryPath, log, system } = parts;
    const clock = parts.clock ?? systemClock;
    const reader = system?.openJournal() ?? JournalReader.open(config.journalPath, {
      libraryPath,
      capacityBytes: config.journalBytes,
      batchBytesMax: config.batchBytesMax,
      batchEntriesMax: config.batchEventsMax,
    });
    const damage = Promise.withResolvers<never>();
    damage.promise.catch(() => {});
    let store: Store | undefined;
    let processes: ProcessReader | undefined;
    try {
      processes = system === undefined ? new ProcessReader(libraryPath, log) : undefined;
      store = system?.openStore(clock) ??
        openHostStore(config.stateFolder, clock, log, config.damagedStoresMax);
      const pipeline = new Pipeline({
        plugins: registry.plugins.filter(({ enabled }) => enabled),
        store,
        startPlugin: system?.startPlugin ?? await systemSpawner(parts, clock, processes),
        clock,
        random: parts.random ?? systemRandom,
        log,
        limits: config,
        onDamage: (error) => damage.reject(error),
      });
      return new Host(parts, reader, store, processes, pipeline, damage.promise);
    } catch (error) {
      store?.close();
      processes?.[Symbol.dispose]();
      await reader.close();
      throw error;
    }
  }

  /** Starts the plugins. @returns When each is ready, has failed, or `startTimeoutMs` is over. */
  async start(): Promise<void> {
    this.#pipeline.start();
    this.#look();
    this.#prune();
    this.#reload();
    await this.#pipeline.started();
  }

  #reload(): void {
    const { registrySource, registry, config, log } = this.#parts;
    if (registrySource === undefined) return;
    this.#reloader = new RegistryReloader({
      source: registrySource,
      named: config.registryPath,
      registry,
      reload: (plugins) => this.#pipeline.reload(plugins),
      clock: this.#clock,
      log,
    });
    this.#reloader.start();
  }

  /**
   * Moves events from the journal to the plugins until `stop` is called.
   *
   * @throws {NativeError} When the journal cannot be read any more.
   */
  async run(): Promise<void> {
    const { idleWaitMs } = this.#parts.config;
    while (!this.#isStopping) {
      const batch = this.#reader.drain();
      if (batch.entries > 0 || (!batch.more && this.#pipeline.isDue)) {
        // While the store cannot be written this waits for ever, but for a stop.
        if (!await this.#pipeline.takeIn(batch.bytes, !batch.more)) break;
      }
      if (batch.entries > 0) this.#release.stored(batch);
      if (batch.more) await this.#pipeline.keepUp(KEEP_UP_LIMIT_MS);
      // A wait of 0 only looks; it gives the plugins' answers their turn between two batches.
      await this.#reader.wait(batch.more ? 0 : idleWaitMs);
    }
  }

  /**
   * Ends `run`, lets the plugins finish what is in hand, saves, and closes everything. Each further
   * call waits for the same stop.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#isStopping = true;
    this.#release.stop();
    const reloaderStopped = this.#reloader?.stop();
    try {
      this.#reader.interrupt();
      await this.#pipeline.stop(this.#parts.config.stopLimitMs);
      await this.#release.finish();
    } finally {
      this.#release.cancel();
      this.#pruneTimer?.cancel();
      this.#lookTimer?.cancel();
      this.#processes?.[Symbol.dispose]();
      try {
        await this.#reader.close();
      } finally {
        this.#store.close();
        await reloaderStopped;
      }
    }
  }

  /** The list of plugins that is in force. */
  get registry(): Registry {
    return this.#reloader?.inForce ?? this.#parts.registry;
  }

  /** Settles when a command asks for the host's end (`deno task stop`). */
  get stopAsked(): Promise<void> {
    return this.#stopAsked.promise;
  }

  /** What has been seen and done so far. */
  report(): HostReport {
    return {
      newest: this.#pipeline.newest,
      settledByAll: this.#pipeline.settledByAll,
      plugins: this.#pipeline.report(),
      journal: this.#reader.statistics(),
    };
  }

  /** Looks once a second what commands ask for, and whether the service wakes the host. */
  async #look(): Promise<void> {
    try {
      const requests = this.#store.requests();
      const isStopAsked = this.#takeStops(requests.get("") ?? []);
      // The first look finds what was asked of an earlier host that was gone by then.
      if (isStopAsked && this.#hasTakenStops) this.#stopAsked.resolve();
      this.#hasTakenStops = true;
      this.#wakes.look(this.#reader.wakeState());
      const { system, config } = this.#parts;
      await this.#pipeline.look(system?.newestChange ?? newestChange, config.watch, requests);
      if (!this.#isStopping) this.#store.keepMarks();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.log.error(`Cannot take up what commands ask for: ${reason}; it is tried again`);
    }
    if (this.#isStopping) return;
    this.#lookTimer = this.#clock.startTimer(LOOK_EVERY_MS, () => this.#look());
  }

  /** @returns Whether a stop has been asked for since this was called last. */
  #takeStops(requests: readonly StoreRequest[]): boolean {
    const asked = requests.filter(({ kind }) => kind === "stop");
    if (asked.length === 0) return false;
    this.#store.transaction(() => {
      for (const { id } of asked) this.#store.removeRequest(id);
    });
    return true;
  }

  #prune(): void {
    const { config: { pruneEveryMs }, log } = this.#parts;
    let hasMore = false;
    try {
      hasMore = this.#pruner.prune();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`Cannot drop old events: ${reason}; it is tried again`);
    }
    this.#pipeline.reportOverlong();
    const waitMs = hasMore ? PRUNE_MORE_MS : pruneEveryMs;
    this.#pruneTimer = this.#clock.startTimer(waitMs, () => this.#prune());
  }
}
