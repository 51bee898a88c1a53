import { fromFileUrl, join } from "@std/path";
import { JournalReader } from "../../host/ffi/journal_reader.ts";
import type { SimulatorResult } from "../../host/simulator/play.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import type { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import { Progress } from "./progress.ts";

/** A plugin of a measurement: a file in `tests/bench/plugins` and what it is granted. */
export interface BenchPlugin {
  readonly id: string;
  /** Name of the file, without `.ts`. */
  readonly file: string;
  readonly permissions?: Record<string, string[]>;
  readonly config?: Record<string, unknown>;
}

/** What the simulated service plays. */
export interface BenchPlay {
  /** Link hangups. */
  readonly count: number;
  /** Link hangups per second; as fast as possible when left out. */
  readonly ratePerSecond?: number;
}

/** The same day in every run. */
const SEED = 20261122;
/** The service's start and its stop are events too. */
export const EVENTS_BESIDES_HANGUPS = 2;

/** A journal, a registry and a store for one measurement, gone when it is over. */
export class BenchWorld implements AsyncDisposable {
  readonly #world: TestWorld;

  private constructor(world: TestWorld) {
    this.#world = world;
  }

  /** @param plugins In call order. */
  static async make(plugins: readonly BenchPlugin[] = []): Promise<BenchWorld> {
    const world = await TestWorld.make(plugins.map(({ file, ...rest }) => ({
      ...rest,
      file: fromFileUrl(new URL(`./plugins/${file}.ts`, import.meta.url)),
    })));
    return new BenchWorld(world);
  }

  /** @param count Plugins that do nothing. */
  static idle(count: number): Promise<BenchWorld> {
    const ids = Array.from({ length: count }, (_, i) => `nothing-${i + 1}`);
    return BenchWorld.make(ids.map((id) => ({ id, file: "nothing" })));
  }

  /** The folder of everything. */
  get folder(): string {
    return this.#world.folder;
  }

  /** @param name A file in the folder. */
  path(name: string): string {
    return join(this.#world.folder, name);
  }

  /** Starts the host as `deno task host` does and waits until it is ready. */
  startHost(): Promise<HostProcess> {
    return this.#world.startHost();
  }

  /** Plays the service in a process of its own. */
  async play(play: BenchPlay): Promise<SimulatorResult> {
    const played = await startSimulator({
      ...play,
      seed: SEED,
      libraryPath: this.#world.libraryPath,
      journalPath: this.#world.journal,
      progress: false,
    }).done;
    if (played === undefined) throw new RangeError("Cannot play the service: it was killed");
    return played;
  }

  /** Looks at how far the host is, from outside of it. */
  watch(): Progress {
    return new Progress(this.#world.journal, join(this.#world.folder, "onhook.sqlite"));
  }

  /** Opens the journal as the host does; no host may run. */
  openReader(): JournalReader {
    return JournalReader.open(this.#world.journal, { libraryPath: this.#world.libraryPath });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#world[Symbol.asyncDispose]();
  }
}
