import { fromFileUrl, isAbsolute, join } from "@std/path";
import type { OnhookEvent } from "onhook";
import { ensureLibrary } from "../../host/native/build.ts";
import { startSimulator } from "../../host/simulator/start_simulator.ts";
import { type HostPlaces, HostProcess } from "./host_process.ts";
import { readShared } from "./read_shared.ts";

/** A plugin of a test's registry: the file in `tests/support/plugins` and what it is granted. */
export interface TestPlugin {
  readonly id: string;
  /** Name of the file in `tests/support/plugins`, without `.ts`; or an absolute path. */
  readonly file: string;
  readonly permissions?: Record<string, string[]>;
  readonly fields?: readonly string[];
  readonly config?: Record<string, unknown>;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  readonly residentMb?: number;
  readonly fileMb?: number;
  readonly onFailure?: string;
  readonly messageBytesMax?: number;
  readonly retryCount?: number;
  readonly retryFirstWaitMs?: number;
  readonly cpuPercent?: number;
  readonly cpuWindowMs?: number;
  readonly startTimeoutMs?: number;
  readonly logLinesPerSecondMax?: number;
  readonly deathsPerWindowMax?: number;
  readonly windowMs?: number;
}

/** One line that a recorder wrote. */
export interface Recorded {
  readonly plugin: string;
  readonly event: OnhookEvent;
}

/** What the simulator is asked to play. */
export interface Play {
  readonly count?: number;
  readonly ratePerSecond?: number;
  readonly seed?: number;
  readonly storm?: boolean;
  readonly adversarial?: boolean;
  /** @default {true} so that there are as many events as hangups, and the start and the stop */
  readonly hangupsOnly?: boolean;
}

/** A folder with a journal, a registry and a store of its own. */
export class TestWorld implements AsyncDisposable, HostPlaces {
  readonly folder: string;
  readonly journal: string;
  readonly registry: string;
  readonly records: string;
  readonly libraryPath: string;

  private constructor(folder: string, libraryPath: string) {
    this.folder = folder;
    this.journal = join(folder, "hangup.journal");
    this.registry = join(folder, "registry.json");
    this.records = join(folder, "records.jsonl");
    this.libraryPath = libraryPath;
  }

  /** @param plugins In call order. */
  static async make(plugins: readonly TestPlugin[]): Promise<TestWorld> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "onhook-test-" }));
    const world = new TestWorld(folder, await ensureLibrary());
    await Deno.writeTextFile(world.records, "");
    await world.writeRegistry(plugins);
    return world;
  }

  async writeRegistry(plugins: readonly TestPlugin[]): Promise<void> {
    const entries = plugins.map(({ file, ...rest }) => ({
      ...rest,
      path: isAbsolute(file) ? file : fromFileUrl(new URL(`./plugins/${file}.ts`, import.meta.url)),
    }));
    await Deno.writeTextFile(this.registry, JSON.stringify({ plugins: entries }));
  }

  /** A plugin that records what it gets. */
  recorder(id: string, config: Record<string, unknown> = {}): TestPlugin {
    return {
      id,
      file: "recorder",
      permissions: { write: ["./records.jsonl"] },
      config: { file: "./records.jsonl", ...config },
    };
  }

  startHost(args: readonly string[] = []): Promise<HostProcess> {
    return HostProcess.start(this, args);
  }

  /** Plays RAS to the end. */
  async play(play: Play): Promise<void> {
    await startSimulator({
      hangupsOnly: true,
      ...play,
      libraryPath: this.libraryPath,
      journalPath: this.journal,
      progress: false,
    }).done;
  }

  /** What the recorders have written so far; a last line that is still being written is left out. */
  recorded(plugin?: string): Recorded[] {
    const lines = readShared(this.records).split("\n").slice(0, -1);
    const all = lines.map((line): Recorded => JSON.parse(line));
    return plugin === undefined ? all : all.filter((record) => record.plugin === plugin);
  }

  /** How many different events a recorder has got. */
  distinct(plugin: string): number {
    return new Set(this.recorded(plugin).map(({ event }) => event.sequence)).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeFolder(this.folder);
  }
}

/** On Windows a file stays for as long as a process that is ending has it open. */
async function removeFolder(folder: string): Promise<void> {
  for (let triesLeft = 100;; triesLeft--) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (Deno.build.os !== "windows" || triesLeft === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
