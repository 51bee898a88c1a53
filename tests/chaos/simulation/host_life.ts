import type { DatabaseSync } from "node:sqlite";
import { Host, type HostSystem, type Journal } from "../../../host/host.ts";
import type { LogFields } from "../../../host/internal/host_log.ts";
import { PluginError, StoreError } from "../../../host/internal/errors.ts";
import type { Config } from "../../../host/config_schema.ts";
import type { PluginEntry } from "../../../host/registry/registry_schema.ts";
import type { RegistrySource } from "../../../host/registry/registry_source.ts";
import { Store } from "../../../host/store/store.ts";
import type { StartPlugin } from "../../../host/supervisor/plugin_process.ts";
import type { DeliveryRules } from "./delivery_rules.ts";
import type { PluginTemper } from "./plugin_temper.ts";
import { type SimJournal, SimReader } from "./sim_journal.ts";
import { type Handed, type ProcessWatch, SimProcess } from "./sim_process.ts";
import type { SimRandom } from "./sim_random.ts";
import { SimClock, type SimTime } from "./sim_time.ts";
import { type StoreFault, type StoreWatch, withStoreFaults } from "./store_faults.ts";
import { StoreView } from "./store_view.ts";

/** What a host lives in. */
export interface HostSurroundings {
  readonly time: SimTime;
  readonly random: SimRandom;
  readonly journal: SimJournal;
  readonly rules: DeliveryRules;
  readonly config: Config;
  /** The plugins of its registry, in call order. */
  readonly plugins: readonly PluginEntry[];
  readonly registrySource: RegistrySource;
  temperOf(plugin: string): PluginTemper;
  /** How statements fail at the moment, and how many of them. */
  readonly storeFault: { readonly kind: StoreFault; readonly share: number } | undefined;
  /** When the plugins' files changed last. */
  readonly changedMs: number;
  /** What is in the database now goes to the disk. */
  makeDurable(): void;
  /** It is there. */
  madeDurable(): void;
  say(message: string, fields?: LogFields): void;
}

/**
 * One life of the host: the production code from `Host` inwards, between a journal, a clock and
 * processes that are not real. It can be ended at every place where it touches one of them.
 */
export class HostLife implements HostSystem, StoreWatch, ProcessWatch {
  readonly clock: SimClock;
  readonly processes = new Set<SimProcess>();
  readonly #around: HostSurroundings;
  #isAlive = true;
  #databases: DatabaseSync[] = [];
  #view: StoreView | undefined;
  #host: Host | undefined;
  #isLooking = false;
  /** After so many touches of the outside it dies; 0 when it is left alone. */
  dieAfter = 0;
  #wake: (() => void) | undefined;
  #isInterrupted = false;
  #reader: SimReader | undefined;

  constructor(around: HostSurroundings) {
    this.#around = around;
    this.clock = new SimClock(around.time);
  }

  get isHostAlive(): boolean {
    return this.#isAlive;
  }

  /** Starts the host. @returns False when it could not be started. */
  async begin(): Promise<boolean> {
    const { random, config, plugins, registrySource, rules, say } = this.#around;
    const log = { debug: () => {}, info: say, warn: say, error: say };
    try {
      this.#host = await Host.open({
        config,
        registry: { source: "registry", plugins },
        registrySource,
        libraryPath: "none",
        log,
        clock: this.clock,
        random,
        system: this,
      });
    } catch (error) {
      say(`the host does not start: ${error instanceof Error ? error.message : error}`);
      this.die();
      return false;
    }
    rules.hostStarted();
    say(`the host begins with ${plugins.map(({ id }) => id).join(", ")}`);
    const host = this.#host;
    host.start().catch((error) => this.#isBroken("start", error));
    host.run().catch((error) => this.#isBroken("run", error));
    return true;
  }

  /** Ends the host without a word: nothing of it reaches the outside any more. */
  die(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.clock.end();
    for (const process of this.processes) process.isAlive = false;
  }

  /** Closes what a dead host has left open, which undoes a transaction that was not over. */
  bury(): void {
    this.die();
    this.#isLooking = true;
    for (const database of this.#databases) if (database.isOpen) database.close();
  }

  /** Asks the host to stop and gives it the time. */
  async stop(): Promise<void> {
    let isOver = false;
    const stopped = this.#host!.stop().then(() => isOver = true, (error) => {
      isOver = true;
      this.#isBroken("stop", error);
    });
    const { time, config, rules } = this.#around;
    const limitMs = time.nowMs + config.stopLimitMs + 3000;
    while (!isOver && this.#isAlive && time.nowMs < limitMs) await time.advance(100);
    if (!this.#isAlive) return;
    if (!isOver) rules.fail("stop", `not over ${config.stopLimitMs} ms and 3 s later`);
    else await stopped;
    if (this.clock.timers > 0) rules.fail("stop", `${this.clock.timers} timers are left`);
  }

  /** What the host says of a plugin. */
  stateOf(plugin: string): string | undefined {
    return this.#host?.report().plugins.find((report) => report.plugin === plugin)?.state;
  }

  /** Who is called in which order from now on, and from which event on. */
  lineUp(): { readonly newest: number; readonly ids: readonly string[] } | undefined {
    if (this.#host === undefined || !this.#isAlive) return undefined;
    const { newest, plugins } = this.#host.report();
    return { newest, ids: plugins.map(({ plugin }) => plugin) };
  }

  /** Whether all events are settled by all, and the journal is released. */
  get isDone(): boolean {
    const { journal } = this.#around;
    const isReleased = journal.head === journal.tail && journal.acknowledged === journal.lostTotal;
    return isReleased && this.#around.rules.isSettled &&
      this.#host!.report().plugins.every(({ state }) => state === "ready") &&
      this.look((view) => view.requests()) === 0;
  }

  /** What stands in the database. */
  look<Result>(at: (view: StoreView) => Result): Result {
    const before = this.#isLooking;
    this.#isLooking = true;
    try {
      return at(this.#view ??= new StoreView(this.#databases[0]!));
    } finally {
      this.#isLooking = before;
    }
  }

  /** Something was written into the journal. */
  wake(): void {
    if (this.#reader?.hasData) this.#wake?.();
  }

  openJournal(): Journal {
    const { journal, time } = this.#around;
    const reader = this.#reader = new SimReader(journal, () => time.nowMs);
    return {
      drain: () => reader.drain(this.#around.config.batchEventsMax),
      wait: (timeoutMs) => this.#wait(reader, timeoutMs),
      wakeState: () => "event",
      interrupt: () => {
        this.#isInterrupted = true;
        this.#wake?.();
      },
      commit: (position, lostTotal) => {
        this.#touch();
        if (!this.#isAlive) return;
        this.#around.rules.released(position, lostTotal);
        reader.commit(position, lostTotal);
      },
      statistics: () => ({ capacityBytes: journal.capacityBytes }) as never,
      close: () => Promise.resolve(),
    };
  }

  openStore(clock: SimClock): Store {
    const store = withStoreFaults(this, () => Store.open(this.#around.config.stateFolder, clock));
    // The disk is as slow as it likes; what is safe afterwards is what had been written before.
    store.makeDurable = () => {
      const { time, random, rules } = this.#around;
      const isDead = this.#touch();
      const fault = isDead ? undefined : this.before("sync");
      const durable = rules.durable();
      this.look(() => this.#around.makeDurable());
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      time.after(random.whole(0, random.pick([0, 5, 300])), () => {
        if (!this.#isAlive) return;
        if (fault !== undefined) {
          return reject(new StoreError("Cannot write the store: on purpose"));
        }
        durable();
        this.#around.madeDurable();
        resolve();
      });
      return promise;
    };
    return store;
  }

  readonly startPlugin: StartPlugin = (entry, listener, signal) => {
    const { time, random } = this.#around;
    const temper = () => this.#around.temperOf(entry.id);
    const { promise, resolve, reject } = Promise.withResolvers<SimProcess>();
    const bad = random.chance(temper().badStart) ? random.whole(1, 3) : 0;
    signal.addEventListener("abort", () => reject(new PluginError("it is not wanted any more")));
    // The search for its modules may never end; a process may never say that it is ready.
    if (bad === 1) return promise;
    time.after(random.whole(0, 400), () => {
      if (bad === 2) return reject(new PluginError("Cannot load the plugin's modules: on purpose"));
      if (signal.aborted || !this.#isAlive) return;
      const parts = { entry, listener, time, random: random.fork(), watch: this, temper };
      const process = new SimProcess(parts);
      this.processes.add(process);
      resolve(bad === 3 ? process : process.start());
    });
    return promise;
  };

  readonly newestChange = (): Promise<number> => Promise.resolve(this.#around.changedMs);

  opened(database: DatabaseSync): void {
    this.#databases.push(database);
  }

  before(sql: string): StoreFault | "killed" | undefined {
    if (this.#isLooking || /^\s*(ROLLBACK|PRAGMA)/.test(sql)) return undefined;
    if (!this.#isAlive || this.#touch()) return "killed";
    const { storeFault, random } = this.#around;
    return storeFault !== undefined && random.chance(storeFault.share)
      ? storeFault.kind
      : undefined;
  }

  after(sql: string): "killed" | undefined {
    if (this.#isLooking || sql !== "COMMIT" || this.#databases.length === 0) return undefined;
    this.look((view) => this.#around.rules.committed(view));
    return this.#touch() ? "killed" : undefined;
  }

  handed(process: SimProcess, batch: readonly Handed[]): void {
    const { rules, say } = this.#around;
    const events = batch.map(({ sequence, attempt }) => `${sequence} (${attempt})`).join(", ");
    say(`is handed ${events}`, { plugin: process.plugin });
    this.look((view) => rules.handed(process, batch, view));
    this.#touch();
  }

  settled(process: SimProcess, sequence: number): void {
    const { rules, say } = this.#around;
    say(`says that ${sequence} is settled`, { plugin: process.plugin });
    const record = rules.record(process.plugin);
    for (const handed of process.inHand) {
      if (handed.sequence <= sequence) record.settled.add(handed.sequence);
    }
  }

  failed(process: SimProcess, sequence: number): void {
    const { plugin } = process;
    const { rules, time, config } = this.#around;
    const { entry } = process;
    this.#around.say(`says that ${sequence} failed`, { plugin });
    const record = rules.record(plugin);
    const isRedrive = record.settled.has(sequence) ||
      sequence <= (this.look((view) => view.cursors()).get(plugin)?.settled ?? 0);
    if (isRedrive) return;
    const over = record.failed(entry, sequence, time.nowMs, config.parkedRetryMs);
    if (over > 0) rules.fail("rule 6, onFailure", `${plugin} has failed on ${sequence} too often`);
  }

  gone(process: SimProcess, inHand: readonly Handed[]): void {
    this.processes.delete(process);
    this.#around.rules.record(process.plugin).died(inHand.map(({ sequence }) => sequence));
  }

  ignores({ plugin }: SimProcess, sequence: number): void {
    this.#around.rules.fail(
      "rule 6, onFailure",
      `${plugin} is handed ${sequence} and not told to go on`,
    );
  }

  neverBegun({ plugin }: SimProcess, events: readonly Handed[]): void {
    const record = this.#around.rules.record(plugin);
    for (const { sequence, attempt } of events) record.neverBegun(sequence, attempt);
  }

  /** Counts a touch of the outside. @returns True when the host dies of it. */
  #touch(): boolean {
    if (this.dieAfter === 0 || --this.dieAfter > 0) return false;
    this.die();
    return true;
  }

  #wait(reader: SimReader, timeoutMs: number): Promise<"data" | "timeout"> {
    this.#touch();
    const { promise, resolve } = Promise.withResolvers<"data" | "timeout">();
    if (!this.#isAlive) return promise;
    const delayMs = reader.hasData || this.#isInterrupted ? 0 : timeoutMs;
    const timer = this.clock.startTimer(delayMs, () => resolve("timeout"));
    this.#wake = () => {
      timer.cancel();
      resolve("data");
    };
    return promise;
  }

  #isBroken(what: string, error: unknown): void {
    if (!this.#isAlive) return;
    const words = error instanceof Error ? error.stack ?? error.message : String(error);
    this.#around.rules.fail("host", `${what} ended with ${words}`);
  }
}
