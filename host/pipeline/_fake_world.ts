import { assert } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import { StoreError } from "../internal/errors.ts";
import type { HostLog } from "../internal/host_log.ts";
import { fakeEntry } from "../registry/_fake_entry.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { Store } from "../store/store.ts";
import { fakeBatch, FakePlugins } from "./_fake_plugins.ts";
import { Pipeline, type PipelineLimits } from "./pipeline.ts";

const LIMITS: PipelineLimits = {
  startTimeoutMs: 10_000,
  stopLimitMs: 1000,
  parkedRetryMs: 600_000,
  backoffFirstMs: 100,
  backoffLongestMs: 30_000,
  deathsPerWindowMax: 5,
  sessionWaitMs: 30_000,
  sessionReportHours: 24,
  windowMs: 60_000,
  frameEventsMax: 8,
  frameBytesMax: 4096,
  recentBytesMax: 2048,
  readBytes: 1024,
  logLinesPerSecondMax: 1000,
  onceValueBytesMax: 2048,
  onceKeysMax: 4,
};

/** A plugin is called after what it does on a failure: `hold`, `hold-2`, `retry`; else it skips. */
export function entryOf(id: string, config: PluginEntry["config"] = {}): PluginEntry {
  const onFailure = /^(hold|retry)/.exec(id)?.[1] as "hold" | "retry" | undefined;
  return fakeEntry(id, { config, onFailure: onFailure ?? "skip", retryCount: 2 });
}

/** A pipeline on a real store in a folder of its own, with faked plugins and a clock moved by hand. */
export class World {
  readonly folder = Deno.makeTempDirSync();
  readonly clock = new FakeClock();
  readonly plugins = new FakePlugins();
  readonly said: string[] = [];
  /** What the registry says; a restart takes it up. */
  entries: readonly PluginEntry[];
  store: Store;
  pipeline: Pipeline;
  readonly #limits: PipelineLimits;
  /** Where the journal is read next, and up to where it has been released. */
  #position = 0;
  #released = 0;
  #arriving: Promise<void> | undefined;

  /** @param limits What differs from the usual limits. */
  constructor(
    ids: readonly string[],
    limits: Partial<PipelineLimits> = {},
    readonly onDamage?: (error: StoreError) => void,
  ) {
    this.entries = ids.map((id) => entryOf(id));
    this.#limits = { ...LIMITS, ...limits };
    this.store = Store.open(this.folder, this.clock);
    this.pipeline = this.#makePipeline();
  }

  #makePipeline(): Pipeline {
    const say = (message: string) => void this.said.push(message);
    const log: HostLog = { debug: say, info: say, warn: say, error: say };
    return new Pipeline({
      plugins: this.entries,
      store: this.store,
      startPlugin: this.plugins.start,
      clock: this.clock,
      random: { next: () => 0.5 },
      log,
      limits: this.#limits,
      ...(this.onDamage === undefined ? {} : { onDamage: this.onDamage }),
    });
  }

  /** The plugins that are in the registry. */
  get ids(): readonly string[] {
    return this.entries.map(({ id }) => id);
  }

  /** Edits the registry while the pipeline runs. */
  reload(entries: readonly PluginEntry[]): void {
    assert(this.pipeline.reload(entries), "too many changes at a time");
    this.entries = entries;
  }

  /** `count` new events come. */
  async come(count: number): Promise<void> {
    const batch = fakeBatch(1n, this.#position, count);
    const end = this.#position += count * 64;
    this.#arriving = this.pipeline.takeIn(batch).then((isStored) => {
      if (isStored) this.#released = end;
      this.#arriving = undefined;
    });
    await this.#arriving;
  }

  /** Whether a batch waits for the store; until it is stored no other may come. */
  get isFull(): boolean {
    return this.#arriving !== undefined;
  }

  /** How many events have come in all lives of the host. */
  get came(): number {
    return this.#position / 64;
  }

  /** The journal is read again from where it was released. */
  #drainAgain(): void {
    this.#arriving = undefined;
    const lost = (this.#position - this.#released) / 64;
    this.#position = this.#released;
    if (lost > 0) void this.come(lost);
  }

  /** Lets the store fail on every change until it is called with `false`. */
  breakStore(isBroken: boolean): void {
    if (!isBroken) return void Reflect.deleteProperty(this.store, "transaction");
    this.store.transaction = () => {
      throw new StoreError("Cannot write the store: it is broken on purpose, wanted it whole");
    };
  }

  /** The host dies without a word and is started again. */
  async dieAndRestart(): Promise<void> {
    await this.clock.advance(0);
    for (const process of this.plugins.running.values()) process.isAlive = false;
    this.clock.dropTimers();
    this.store.close();
    this.store = Store.open(this.folder, this.clock);
    this.pipeline = this.#makePipeline();
    this.pipeline.start();
    this.#drainAgain();
    await this.clock.advance(0);
  }

  /** The plugins settle all there is. */
  async settleAll(): Promise<void> {
    for (let round = 0; round < 10_000; round++) {
      const busy = this.ids.map((id) => this.plugins.running.get(id))
        .filter((process) => process?.isAlive && process.inHand.length > 0);
      for (const process of busy) process!.settle();
      await this.clock.advance(busy.length === 0 ? 1000 : 0);
      if (busy.length === 0 && this.pipeline.settledByAll === this.pipeline.newest) return;
    }
    throw new RangeError(`stuck: ${JSON.stringify(this.pipeline.report())}`);
  }

  handedTo(plugin: string): number[] {
    return this.plugins.handed.filter((handed) => handed.plugin === plugin)
      .map(({ sequence }) => sequence);
  }

  [Symbol.dispose](): void {
    this.store.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** A world whose plugins are ready. */
export async function startedWorld(
  ids: readonly string[],
  limits?: Partial<PipelineLimits>,
): Promise<World> {
  const world = new World(ids, limits);
  world.pipeline.start();
  await world.clock.advance(0);
  return world;
}
