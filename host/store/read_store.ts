import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { existingStoreError, openExisting } from "./_open_existing.ts";
import { Statements } from "./_statements.ts";
import type { Cursor } from "./store.ts";

/** One stored row of events, with the time when it was stored. */
export interface StoredSegment {
  /** Sequence of its first event. */
  readonly first: number;
  /** Sequence of its last event. */
  readonly last: number;
  /** When the host stored it, milliseconds since 1970 UTC. */
  readonly storedMs: number;
  /** The entries. */
  readonly bytes: Uint8Array;
}

/** Events that a plugin has settled in the ordinary way, between two times. */
export interface StoredDoneRun {
  readonly first: number;
  readonly last: number;
  /** When the first of them was settled, milliseconds since 1970 UTC. */
  readonly fromMs: number;
  /** When the last of them was settled, milliseconds since 1970 UTC. */
  readonly toMs: number;
  readonly attempt: number;
  /** Whether the plugins behind it had gone on without it, because it was held or parked. */
  readonly isLate: boolean;
}

/** Something that a plugin has done once in an event. */
export interface StoredOnce {
  readonly key: string;
  /** When the host stored it, milliseconds since 1970 UTC. */
  readonly keptMs: number;
}

/** A dead letter, without what is long. */
export interface StoredFailure {
  readonly sequence: number;
  readonly attempt: number;
  /** How it failed, such as `timedOut`. */
  readonly kind: string;
  readonly message: string;
  /** Milliseconds since 1970 UTC. */
  readonly failedMs: number;
  /** When it was settled after all, milliseconds since 1970 UTC; `null` when it was not. */
  readonly redrivenMs: number | null;
}

/** Runs that begin before a range and may reach into it; there is one in the ordinary case. */
const RUNS_BEFORE_MAX = 16;

/**
 * The store as the commands see it: read only, and with reads that are short, because a long one
 * would keep a running host from tidying its log.
 */
export class ReadStore {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements: Statements;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#path = path;
  }

  /**
   * @param stateFolder The host's state folder.
   * @throws {StoreError} When there is no store, or it is of another version.
   */
  static open(stateFolder: string): ReadStore {
    const { database, path } = openExisting(stateFolder, "read");
    return new ReadStore(database, path);
  }

  /** Where the store is. */
  get path(): string {
    return this.#path;
  }

  /** Sequence of the oldest event that is still there, 0 when there is none. */
  get firstSequence(): number {
    return this.#number("SELECT first AS n FROM segment ORDER BY first LIMIT 1");
  }

  /** Sequence of the newest event, 0 when there is none. */
  get lastSequence(): number {
    return this.#number("SELECT last AS n FROM segment ORDER BY first DESC LIMIT 1");
  }

  /** Lets everything that `work` reads be of one moment. */
  snapshot<T>(work: () => T): T {
    return this.#read(() => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        this.#database.exec("COMMIT");
      }
    });
  }

  /**
   * Reads stored rows forwards.
   *
   * @param sequence The first row holds it, or is the first one behind it.
   * @param bytesMax When to stop; at least one row is read.
   */
  segmentsFrom(sequence: number, bytesMax: number): StoredSegment[] {
    return this.#segments(
      `SELECT first, last, stored_ms AS storedMs, bytes FROM segment
       WHERE first >= coalesce(
         (SELECT iif(last >= ?1, first, NULL) FROM segment
          WHERE first <= ?1 ORDER BY first DESC LIMIT 1),
         ?1)
       ORDER BY first`,
      sequence,
      bytesMax,
    );
  }

  /**
   * Reads stored rows backwards, the newest first.
   *
   * @param sequence The first row holds it, or is the last one before it.
   * @param bytesMax When to stop; at least one row is read.
   */
  segmentsUpTo(sequence: number, bytesMax: number): StoredSegment[] {
    return this.#segments(
      `SELECT first, last, stored_ms AS storedMs, bytes FROM segment
       WHERE first <= ? ORDER BY first DESC`,
      sequence,
      bytesMax,
    );
  }

  /** How far a plugin is; `undefined` for one that was never seen. */
  cursor(plugin: string): Cursor | undefined {
    const [row] = this.#all("SELECT settled, runs FROM cursor WHERE plugin = ?", plugin);
    if (row === undefined) return undefined;
    const runs = (JSON.parse(row["runs"] as string) as [number, number][])
      .map(([to, attempt]) => ({ to, attempt }));
    return { settled: row["settled"] as number, runs };
  }

  /** Every plugin that the store knows of, by name. */
  plugins(): string[] {
    const rows = this.#all(
      "SELECT plugin FROM cursor UNION SELECT DISTINCT plugin FROM failure ORDER BY plugin",
    );
    return rows.map((row) => row["plugin"] as string);
  }

  /** What a plugin has settled in the ordinary way of the events `first` … `last`. */
  doneRuns(plugin: string, first: number, last: number): StoredDoneRun[] {
    const columns = "first, last, from_ms AS fromMs, to_ms AS toMs, attempt";
    const rows = this.#all(
      `SELECT * FROM (
         SELECT ${columns} FROM done_run WHERE plugin = ?1 AND first <= ?2
         ORDER BY first DESC LIMIT ${RUNS_BEFORE_MAX}
       ) WHERE last >= ?2
       UNION
       SELECT ${columns} FROM done_run WHERE plugin = ?1 AND first > ?2 AND first <= ?3
       ORDER BY first`,
      plugin,
      first,
      last,
    ) as unknown as StoredDoneRun[];
    return rows.map((row) => ({ ...row, attempt: Math.abs(row.attempt), isLate: row.attempt < 0 }));
  }

  /** What a plugin has failed on for good of the events `first` … `last`. */
  failures(plugin: string, first: number, last: number): StoredFailure[] {
    return this.#all(
      `SELECT sequence, attempt, kind, message, failed_ms AS failedMs, redriven_ms AS redrivenMs
       FROM failure WHERE plugin = ? AND sequence BETWEEN ? AND ?`,
      plugin,
      first,
      last,
    ) as unknown as StoredFailure[];
  }

  /** Dead letters among the events `first` … `last` that a command has asked to be redriven. */
  asked(plugin: string, first: number, last: number): number[] {
    return this.#all(
      `SELECT sequence FROM request
       WHERE kind = 'redrive' AND plugin = ? AND sequence BETWEEN ? AND ?`,
      plugin,
      first,
      last,
    ).map((row) => row["sequence"] as number);
  }

  /** What a plugin has done once in an event, oldest first. */
  doneOnce(plugin: string, sequence: number): StoredOnce[] {
    return this.#all(
      `SELECT key, kept_ms AS keptMs FROM once WHERE plugin = ? AND sequence = ?
       ORDER BY kept_ms, key`,
      plugin,
      sequence,
    ) as unknown as StoredOnce[];
  }

  /** Closes the database; nothing may be called after it. */
  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #segments(sql: string, sequence: number, bytesMax: number): StoredSegment[] {
    return this.#read(() => {
      const segments: StoredSegment[] = [];
      let bytes = 0;
      for (const row of this.#statements.of(sql).iterate(sequence)) {
        const segment = row as unknown as StoredSegment;
        segments.push(segment);
        bytes += segment.bytes.byteLength;
        if (bytes >= bytesMax) break;
      }
      return segments;
    });
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#read(() => this.#statements.of(sql).all(...values));
  }

  #number(sql: string): number {
    return (this.#all(sql)[0]?.["n"] as number | null | undefined) ?? 0;
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw existingStoreError("read", this.#path, error);
    }
  }
}
