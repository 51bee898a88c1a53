import { join } from "@std/path";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Clock } from "../internal/clock.ts";
import { BootPositions } from "./_boot_positions.ts";
import { joinRows } from "./_join_rows.ts";
import { MarkWriter } from "./_marks.ts";
import { openDatabase } from "./_open_database.ts";
import { DROPPED_RUNS_MAX, NOTHING_PRUNED, pruneRows, usedBytes } from "./_prune_rows.ts";
import { Statements } from "./_statements.ts";
import { storeError } from "./_store_error.ts";
import type {
  Cursor,
  DoneRun,
  DroppedRun,
  Failure,
  KeptOnce,
  Pruned,
  Retention,
  StoreRequest,
  StoreRequests,
} from "./records.ts";
import type { Segment } from "./segment.ts";
import { SessionRows } from "./session_rows.ts";

export type * from "./records.ts";

/** Requests of one plugin that are taken up at a time. */
const REQUESTS_MAX = 100;

/** A row of `done_run` spans at most this long, so that its times say something. */
const DONE_RUN_MS_MAX = 1000;

/** How long a change waits for another process that has the database locked. */
const BUSY_LIMIT_MS = 200;

/**
 * Where events live from the moment they leave the journal: a SQLite database in the state folder.
 * All calls are synchronous, and all changes are made inside `transaction`.
 *
 * A transaction survives the death of the process at once and a loss of power after the next
 * `makeDurable`; the journal is released only behind that.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #path: string;
  readonly #statements: Statements;
  /** The sessions that have not ended. */
  readonly sessions: SessionRows;
  /** The newest row of `done_run` of each plugin, which grows as long as it can. */
  readonly #doneRuns = new Map<string, DoneRun & { readonly fromMs: number }>();
  readonly #boots: BootPositions;
  readonly #marks: MarkWriter;
  /** Bytes of all stored events; `undefined` when they have to be counted. */
  #bytes: number | undefined;

  private constructor(database: DatabaseSync, path: string, clock: Clock) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#path = path;
    this.#clock = clock;
    this.sessions = new SessionRows(this.#statements.of, path);
    this.#boots = new BootPositions(this.#statements.of);
    this.#marks = new MarkWriter(path, database);
  }

  /**
   * Opens the store of a state folder and makes it when there is none.
   *
   * @throws {StoreError} When that is not possible, with the system's reason.
   */
  static open(stateFolder: string, clock: Clock): Store {
    const path = join(stateFolder, "onhook.sqlite");
    let database: DatabaseSync | undefined;
    try {
      database = openDatabase(path, clock);
      // From here on a wait would hold up everything; whoever writes tries again instead.
      database.exec(`PRAGMA busy_timeout = ${BUSY_LIMIT_MS}`);
      const store = new Store(database, path, clock);
      store.#boots.read();
      return store;
    } catch (error) {
      database?.close();
      throw storeError("open", path, error);
    }
  }

  /** Sequence of the newest event, 0 when there has never been one. */
  get lastSequence(): number {
    return this.#number("SELECT last AS n FROM segment ORDER BY first DESC LIMIT 1");
  }

  /** Sequence of the oldest event that is still there, 0 when there is none. */
  get firstSequence(): number {
    return this.#number("SELECT min(first) AS n FROM segment");
  }

  /** How far the furthest plugin is that was ever there, 0 when there was none. */
  get furthestCursor(): number {
    return this.#number("SELECT max(settled) AS n FROM cursor");
  }

  /** How far the records of a service start have been taken in. */
  bootPosition(boot: string): bigint | undefined {
    return this.#boots.of(boot);
  }

  /** How far a plugin is; `undefined` for one that was never seen. */
  cursor(plugin: string): Cursor | undefined {
    const row = this.#row("SELECT settled, runs FROM cursor WHERE plugin = ?", plugin);
    if (row === undefined) return undefined;
    const runs = (JSON.parse(row["runs"] as string) as [number, number][])
      .map(([to, attempt]) => ({ to, attempt }));
    return { settled: row["settled"] as number, runs };
  }

  /** A text that was kept under a name. */
  kept(name: string): string | undefined {
    return this.#row("SELECT value FROM meta WHERE key = ?", name)?.["value"] as string | undefined;
  }

  /** Inside a transaction: keeps a text under a name. */
  keep(name: string, text: string): void {
    this.#statements.of("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(name, text);
  }

  /**
   * Makes all changes of `work`, or none.
   *
   * @throws {StoreError} When it cannot be committed, as on a full disk.
   */
  transaction(work: () => void): void {
    try {
      this.#statements.of("BEGIN IMMEDIATE").run();
      try {
        work();
        this.#statements.of("COMMIT").run();
        this.#boots.keep();
      } catch (error) {
        this.#bytes = undefined;
        this.#boots.undo();
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    } catch (error) {
      throw storeError("write", this.#path, error);
    }
  }

  /** Inside a transaction: keeps events. */
  addSegment(segment: Segment): void {
    this.#statements.of("INSERT INTO segment (first, last, stored_ms, bytes) VALUES (?, ?, ?, ?)")
      .run(segment.first, segment.last, this.#clock.now(), segment.bytes);
    if (this.#bytes !== undefined) this.#bytes += segment.bytes.byteLength;
  }

  /** Inside a transaction: records that a service start's records are taken in up to here. */
  setBootPosition(boot: string, position: bigint): void {
    this.#boots.set(boot, position);
  }

  /** Inside a transaction: records how far a plugin is. */
  setCursor(plugin: string, cursor: Cursor): void {
    this.#statements.of("INSERT OR REPLACE INTO cursor (plugin, settled, runs) VALUES (?, ?, ?)")
      .run(
        plugin,
        cursor.settled,
        JSON.stringify(cursor.runs.map(({ to, attempt }) => [to, attempt])),
      );
  }

  /** Inside a transaction: records that a plugin has failed on an event. */
  addFailure(failure: Failure): void {
    this.#statements.of(
      `INSERT OR REPLACE INTO failure
         (plugin, sequence, attempt, kind, message, stack, log, failed_ms, redriven_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
    ).run(
      failure.plugin,
      failure.sequence,
      failure.attempt,
      failure.kind,
      failure.message,
      failure.stack ?? null,
      JSON.stringify(failure.log),
      this.#clock.now(),
    );
  }

  /**
   * Inside a transaction: records that a plugin has settled events. Runs that follow each other
   * within a second share a row, so the ordinary case costs next to nothing.
   */
  addDone(run: DoneRun): void {
    const nowMs = this.#clock.now();
    const last = this.#doneRuns.get(run.plugin);
    const attempt = run.isLate ? -run.attempt : run.attempt;
    const goesOn = last !== undefined && last.last + 1 === run.first &&
      last.attempt === attempt && Math.abs(nowMs - last.fromMs) < DONE_RUN_MS_MAX;
    const whole = goesOn ? { ...last, last: run.last } : { ...run, attempt, fromMs: nowMs };
    this.#statements.of(
      `INSERT OR REPLACE INTO done_run (plugin, first, last, from_ms, to_ms, attempt)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(whole.plugin, whole.first, whole.last, whole.fromMs, nowMs, whole.attempt);
    this.#doneRuns.set(run.plugin, whole);
  }

  /** Inside a transaction: records how often a dead letter has been handed over. */
  setAttempt(plugin: string, sequence: number, attempt: number): void {
    this.#statements.of("UPDATE failure SET attempt = ? WHERE plugin = ? AND sequence = ?")
      .run(attempt, plugin, sequence);
  }

  /** Inside a transaction: records that a dead letter has been settled after all. */
  setRedriven(plugin: string, sequence: number): void {
    this.#statements.of("UPDATE failure SET redriven_ms = ? WHERE plugin = ? AND sequence = ?")
      .run(this.#clock.now(), plugin, sequence);
  }

  /** Inside a transaction: records events that were dropped before a plugin was done with them. */
  addDropped({ plugin, first, last }: DroppedRun): void {
    const nowMs = this.#clock.now();
    const { changes } = this.#statements.of(
      "UPDATE dropped_run SET last = ?, dropped_ms = ? WHERE plugin = ? AND last = ? - 1",
    ).run(last, nowMs, plugin, first);
    if (changes > 0) return;
    this.#statements.of(
      "INSERT OR REPLACE INTO dropped_run (plugin, first, last, dropped_ms) VALUES (?, ?, ?, ?)",
    ).run(plugin, first, last, nowMs);
    if (this.#number("SELECT count(*) AS n FROM dropped_run") <= DROPPED_RUNS_MAX) return;
    this.#statements.of(
      `DELETE FROM dropped_run WHERE (plugin, last) IN (SELECT plugin, last FROM dropped_run
         ORDER BY last DESC, plugin LIMIT -1 OFFSET ${DROPPED_RUNS_MAX})`,
    ).run();
  }

  /** Inside a transaction: remembers what was done once; what is there already stays. */
  addKept({ plugin, sequence, key, outcome }: KeptOnce): void {
    this.#statements.of(
      `INSERT OR IGNORE INTO once (plugin, sequence, key, outcome, kept_ms) VALUES (?, ?, ?, ?, ?)`,
    ).run(plugin, sequence, key, outcome, this.#clock.now());
  }

  /** What a plugin has done once in the first event of a range in which it did anything once. */
  keptWithin(plugin: string, from: number, to: number): KeptOnce[] {
    try {
      return this.#statements.of(
        `SELECT plugin, sequence, key, outcome FROM once WHERE plugin = ?1 AND sequence =
           (SELECT min(sequence) FROM once WHERE plugin = ?1 AND sequence BETWEEN ?2 AND ?3)`,
      ).all(plugin, from, to) as unknown as KeptOnce[];
    } catch (error) {
      throw storeError("read", this.#path, error);
    }
  }

  /**
   * What commands ask, by plugin (empty for the host itself) and then by the sequence of the event;
   * at most `REQUESTS_MAX` of each.
   */
  requests(): StoreRequests {
    const rows = this.#statements.of(
      `SELECT id, kind, plugin, sequence FROM
         (SELECT *, row_number() OVER (PARTITION BY plugin ORDER BY sequence, id) AS place FROM request)
       WHERE place <= ${REQUESTS_MAX} ORDER BY plugin, place`,
    ).all() as unknown as StoreRequest[];
    return Map.groupBy(rows, ({ plugin }) => plugin);
  }

  /** Inside a transaction: asks something of the running host, or of the next one, once. */
  addRequest(kind: string, plugin: string, sequence?: number): void {
    this.#statements.of(
      `INSERT INTO request (kind, plugin, sequence, made_ms) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS
         (SELECT 1 FROM request WHERE kind = ?1 AND plugin = ?2 AND sequence IS ?3)`,
    ).run(kind, plugin, sequence ?? null, this.#clock.now());
  }

  /** Whether a dead letter has been settled after all. */
  isRedriven(plugin: string, sequence: number): boolean {
    return this.#number(
      "SELECT count(*) AS n FROM failure WHERE plugin = ? AND sequence = ? AND redriven_ms > 0",
      plugin,
      sequence,
    ) > 0;
  }

  /** Inside a transaction: forgets a request that has been carried out. */
  removeRequest(id: number): void {
    this.#statements.of("DELETE FROM request WHERE id = ?").run(id);
  }

  /** The dead letter of one event of a plugin. */
  failure(plugin: string, sequence: number): { readonly attempt: number } | undefined {
    return this.#statements.of("SELECT attempt FROM failure WHERE plugin = ? AND sequence = ?")
      .get(plugin, sequence) as { attempt: number } | undefined;
  }

  /** The failures of one plugin, oldest first, at most 1000. */
  failures(plugin: string): Failure[] {
    return this.#statements.of(
      `SELECT plugin, sequence, attempt, kind, message, stack, log FROM failure
       WHERE plugin = ? ORDER BY sequence LIMIT 1000`,
    ).all(plugin).map((row) =>
      ({ ...row, log: JSON.parse(row["log"] as string) }) as unknown as Failure
    );
  }

  /**
   * Reads events from a given one on.
   *
   * @param from Sequence of the first event that is wanted.
   * @param bytesMax When to stop; at least one stored row is read.
   * @returns Them in one segment, which may begin before `from`; `undefined` when `from` is not
   * there. When it has been dropped by retention, the segment begins behind it.
   */
  readSegment(from: number, bytesMax: number): Segment | undefined {
    try {
      const rows = this.#statements.of(
        `SELECT first, last, bytes FROM segment
         WHERE first >= coalesce(
           (SELECT iif(last >= ?1, first, NULL) FROM segment
            WHERE first <= ?1 ORDER BY first DESC LIMIT 1),
           ?1)
         ORDER BY first`,
      ).iterate(from);
      return joinRows(rows as Iterable<Record<string, unknown>>, bytesMax);
    } catch (error) {
      throw storeError("read", this.#path, error);
    }
  }

  /**
   * Makes all transactions so far survive a loss of power. Takes as long as the disk does, and holds
   * nobody up meanwhile: what has been committed stands in the write-ahead log, and another thread
   * waits until that is on the disk.
   *
   * @throws {StoreError} When the disk cannot.
   */
  async makeDurable(): Promise<void> {
    try {
      await this.#marks.sync();
    } catch (error) {
      throw storeError("write", this.#path, error);
    }
  }

  /** Bytes of the database that hold something; its file keeps what was freed for what comes. */
  get usedBytes(): number {
    return usedBytes(this.#statements.of);
  }

  /**
   * Drops events that are older or more than the limits allow, never the newest ones and never any
   * beyond `settled`.
   */
  prune(settled: number, retention: Retention): Pruned {
    const eventBytes = this.#bytes ??
      this.#number("SELECT sum(length(bytes)) AS n FROM segment");
    let pruned = NOTHING_PRUNED;
    this.transaction(() => {
      const beyond = Math.min(settled + 1, this.lastSequence);
      const nowMs = this.#clock.now();
      pruned = pruneRows(this.#statements.of, retention, { beyond, nowMs, eventBytes });
    });
    this.#bytes = eventBytes - pruned.bytes;
    return pruned;
  }

  /** Keeps beside the database how far everything is, for the day when that is damaged. */
  keepMarks(): void {
    this.#marks.write();
  }

  /** Closes the database; nothing may be called after it, nor while `makeDurable` goes on. */
  close(): void {
    this.#marks.close();
    this.#database.close();
  }

  #row(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    try {
      return this.#statements.of(sql).get(...values);
    } catch (error) {
      throw storeError("read", this.#path, error);
    }
  }

  #number(sql: string, ...values: (number | string)[]): number {
    return (this.#row(sql, ...values)?.["n"] as number | null | undefined) ?? 0;
  }
}
