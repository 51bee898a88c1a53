import { DatabaseSync, type StatementSync } from "node:sqlite";

/** How far a host is. */
export interface Look {
  /** Sequence of the newest event in the store. */
  readonly newest: number;
  /** Every event up to this one is settled by all plugins, and the store says so. */
  readonly settled: number;
  /** Whether the journal is empty: the host empties it of what would outlive a loss of power. */
  readonly isReleased: boolean;
}

/** Where the journal keeps its positions; `host/native/include/journal.h`. */
const TAIL_AT = 4096;
const HEAD_AT = 4224;
const LAST_START_AT = 4752;

/** Rarely enough to take next to nothing from those that are measured. */
const LOOK_EVERY_MS = 10;

/**
 * Watches a host through what it leaves on the disk, its database and its journal, so that nothing
 * counts that is not there. Takes part in nothing: it reads, for microseconds at a time.
 */
export class Progress implements Disposable {
  readonly #journal: Deno.FsFile;
  readonly #database: DatabaseSync;
  readonly #settled: StatementSync;
  readonly #settledEach: StatementSync;

  /** The host has to be ready. */
  constructor(journalPath: string, databasePath: string) {
    this.#journal = Deno.openSync(journalPath);
    this.#database = new DatabaseSync(databasePath, { readOnly: true, timeout: 5000 });
    this.#settled = this.#database.prepare(
      `SELECT coalesce((SELECT max(last) FROM segment), 0) AS newest,
         coalesce((SELECT min(settled) FROM cursor), 0) AS settled`,
    );
    this.#settledEach = this.#database.prepare("SELECT plugin, settled FROM cursor");
  }

  /** How far the host is now. */
  look(): Look {
    const { newest, settled } = this.#settled.get() as { newest: number; settled: number };
    const isReleased = this.#word(HEAD_AT) === this.#word(TAIL_AT);
    return { newest, settled, isReleased };
  }

  /** Every event up to this one is settled by some plugins; 0 when the store knows one of them not. */
  settledBy(plugins: readonly string[]): number {
    const rows = this.#settledEach.all() as { plugin: string; settled: number }[];
    const settled = new Map(rows.map(({ plugin, settled }) => [plugin, settled]));
    return Math.min(...plugins.map((plugin) => settled.get(plugin) ?? 0));
  }

  /** When the service started last, in microseconds since 1970. */
  lastServiceStartUs(): number {
    return Number(this.#word(LAST_START_AT));
  }

  /**
   * Looks again and again until something holds.
   *
   * @param holds Asked with every look.
   * @param everyMs How often to look.
   */
  async until(
    holds: (look: Look) => boolean,
    limitMs: number,
    everyMs: number = LOOK_EVERY_MS,
  ): Promise<void> {
    const started = performance.now();
    while (true) {
      const look = this.look();
      if (holds(look)) return;
      if (performance.now() - started > limitMs) {
        throw new RangeError(
          `Cannot go on: after ${limitMs} ms ${look.settled} of ${look.newest} events are settled`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
    this.#journal.close();
  }

  #word(offset: number): bigint {
    const bytes = new BigUint64Array(1);
    this.#journal.seekSync(offset, Deno.SeekMode.Start);
    this.#journal.readSync(new Uint8Array(bytes.buffer));
    return bytes[0]!;
  }
}
