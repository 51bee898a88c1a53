import { fromFileUrl, join } from "@std/path";
import { JournalReader } from "../../host/ffi/journal_reader.ts";
import type { CalloutStatistics } from "../../host/ffi/journal_statistics.ts";
import type { SimulatorResult } from "../../host/simulator/play.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { type HostProcess, ROOT } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import { childrenOf } from "./process_probe.ts";
import { Progress } from "./progress.ts";

/** A plugin of a measurement: a file in `tests/bench/plugins` and what it is granted. */
export interface BenchPlugin {
  readonly id: string;
  /** Name of the file, without `.ts`. */
  readonly file: string;
  readonly permissions?: Record<string, string[]>;
  readonly config?: Record<string, unknown>;
  readonly timeoutMs?: number;
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
  static readonly #open = new Set<BenchWorld>();
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
    const made = new BenchWorld(world);
    BenchWorld.#open.add(made);
    return made;
  }

  /** Kills what this process has started and removes every folder: the bench is interrupted. */
  static endAll(): void {
    // Plugins end with their host; one that stands still is killed as well.
    for (const pid of childrenOf(Deno.pid)) Deno.kill(pid, "SIGKILL");
    for (const { folder } of BenchWorld.#open) Deno.removeSync(folder, { recursive: true });
    BenchWorld.#open.clear();
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

  /**
   * Starts the host as `deno task host` does and waits until it is ready.
   *
   * @param args Options of its command line, besides the places.
   */
  startHost(args: readonly string[] = []): Promise<HostProcess> {
    return withTaskEnvironment(() => this.#world.startHost(args));
  }

  /** Plays the service in a process of its own. */
  async play(play: BenchPlay): Promise<SimulatorResult> {
    const played = await startSimulator({
      ...play,
      seed: SEED,
      hangupsOnly: true,
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

  /** What the callouts have cost, as the library counts them; no host may run. */
  async callouts(): Promise<CalloutStatistics> {
    await using reader = this.openReader();
    return reader.statistics().callouts;
  }

  /** Opens the journal as the host does; no host may run. */
  openReader(): JournalReader {
    return JournalReader.open(this.#world.journal, { libraryPath: this.#world.libraryPath });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    BenchWorld.#open.delete(this);
    await this.#world[Symbol.asyncDispose]();
  }
}

/** The environment that the task sets for the host alone, such as limits of its allocator. */
function taskEnvironment(): [name: string, value: string][] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));
  const words = (tasks.host as string).split(" ");
  return words.slice(0, words.indexOf("deno")).map((word) => {
    const [name, value] = word.split(/=(.*)/s, 2);
    return [name!, value ?? ""];
  });
}

/** A process inherits the environment at the moment it is started, which is before `start` waits. */
function withTaskEnvironment<Result>(start: () => Promise<Result>): Promise<Result> {
  const names = taskEnvironment();
  for (const [name, value] of names) Deno.env.set(name, value);
  try {
    return start();
  } finally {
    for (const [name] of names) Deno.env.delete(name);
  }
}
