import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { existingStoreError, openExisting } from "./_open_existing.ts";
import type { StoredFailure } from "./read_store.ts";

/** A dead letter as a list shows it. */
export interface DeadLetter extends StoredFailure {
  readonly plugin: string;
  /** When a command asked for it to be redriven and the host has not done so yet, else `null`. */
  readonly askedMs: number | null;
}

/** A dead letter with everything that was kept of it. */
export interface WholeDeadLetter extends DeadLetter {
  readonly stack: string | null;
  /** What the plugin wrote to its log in the last attempt. */
  readonly log: readonly { readonly level: string; readonly message: string }[];
}

/** Events that retention has dropped before a plugin was done with them. */
export interface DroppedEvents {
  readonly plugin: string;
  readonly first: number;
  readonly last: number;
  /** When the last of them was dropped, milliseconds since 1970 UTC. */
  readonly droppedMs: number;
}

/** Which dead letters are meant; what is left out does not narrow. */
export interface DeadLetterSelection {
  readonly plugin?: string | undefined;
  /** Failed at this time or later, milliseconds since 1970 UTC. */
  readonly sinceMs?: number | undefined;
  readonly sequence?: number | undefined;
  /** Whether those that were settled after all are meant too. */
  readonly withRedriven?: boolean;
}

const PAGE_ROWS = 500;
const ASKED = `(SELECT min(made_ms) FROM request AS r
  WHERE r.kind = 'redrive' AND r.plugin = f.plugin AND r.sequence = f.sequence)`;
const COLUMNS = `f.plugin, f.sequence, f.attempt, f.kind, f.message, f.failed_ms AS failedMs,
  f.redriven_ms AS redrivenMs, ${ASKED} AS askedMs`;
const SELECTED = `(:plugin IS NULL OR f.plugin = :plugin)
  AND (:sinceMs IS NULL OR f.failed_ms >= :sinceMs)
  AND (:sequence IS NULL OR f.sequence = :sequence)
  AND (:withRedriven OR f.redriven_ms IS NULL)`;
const NOT_ASKED = `(f.plugin, f.sequence) NOT IN
  (SELECT plugin, sequence FROM request WHERE kind = 'redrive' AND sequence IS NOT NULL)`;

/**
 * The dead letters of a store, for the commands that look at them and those that ask for something
 * to be done with them. A host may have the store open; what is changed here is changed in one
 * short transaction.
 */
export class DeadLetterBook {
  readonly #database: DatabaseSync;
  readonly #path: string;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /**
   * @param stateFolder The host's state folder.
   * @param mode `read` needs no right to write and cannot change anything.
   * @throws {StoreError} When there is no store, or it is of another version.
   */
  static open(stateFolder: string, mode: "read" | "write"): DeadLetterBook {
    const { database, path } = openExisting(stateFolder, mode);
    return new DeadLetterBook(database, path);
  }

  /** Every plugin that has or had something to fail on, by name. */
  plugins(): string[] {
    return this.#run("read", () =>
      this.#database.prepare(
        "SELECT plugin FROM cursor UNION SELECT DISTINCT plugin FROM failure ORDER BY plugin",
      ).all().map((row) => row["plugin"] as string));
  }

  /** Gives the selected dead letters in order of plugin and sequence, a page in memory at a time. */
  *list(selection: DeadLetterSelection): Generator<DeadLetter, void> {
    let after: DeadLetter | undefined;
    while (true) {
      const page = this.#page(selection, after);
      yield* page;
      after = page.at(-1);
      if (page.length < PAGE_ROWS) return;
    }
  }

  /** The dead letters of one event, those that were settled after all included. */
  ofEvent(sequence: number, plugin?: string): WholeDeadLetter[] {
    return this.#run("read", () =>
      this.#database.prepare(
        `SELECT ${COLUMNS}, f.stack, f.log FROM failure AS f
         WHERE ${SELECTED} ORDER BY f.plugin`,
      ).all(parameters({ sequence, plugin, withRedriven: true })).map((row) => ({
        ...(row as unknown as DeadLetter & { stack: string | null }),
        log: readLog(row["log"] as string),
      })));
  }

  /** What retention has dropped before a plugin was done with it, by plugin and sequence. */
  dropped(plugin?: string, sinceMs = 0): DroppedEvents[] {
    return this.#run("read", () =>
      this.#database.prepare(
        `SELECT plugin, first, last, dropped_ms AS droppedMs FROM dropped_run
         WHERE (:plugin IS NULL OR plugin = :plugin) AND dropped_ms >= :sinceMs
         ORDER BY plugin, last`,
      ).all({ plugin: plugin ?? null, sinceMs }) as unknown as DroppedEvents[]);
  }

  /** How many are selected. */
  count(selection: DeadLetterSelection): number {
    return this.#run(
      "read",
      () =>
        this.#database.prepare(`SELECT count(*) AS n FROM failure AS f WHERE ${SELECTED}`)
          .get(parameters(selection))!["n"] as number,
    );
  }

  /** How many of the selected ones nobody has asked to be redriven yet. */
  countNotAsked(selection: DeadLetterSelection): number {
    return this.#run("read", () =>
      this.#database.prepare(
        `SELECT count(*) AS n FROM failure AS f WHERE ${SELECTED} AND ${NOT_ASKED}`,
      ).get(parameters(selection))!["n"] as number);
  }

  /**
   * Asks the host to redrive the selected ones, in order of sequence. Those that are asked for
   * already are left out.
   *
   * @param nowMs Milliseconds since 1970 UTC.
   * @returns How many are asked for now.
   */
  askRedrive(selection: DeadLetterSelection, nowMs: number): number {
    return this.#change(() =>
      Number(
        this.#database.prepare(
          `INSERT INTO request (kind, plugin, sequence, made_ms)
           SELECT 'redrive', f.plugin, f.sequence, :nowMs FROM failure AS f
           WHERE ${SELECTED} AND ${NOT_ASKED} ORDER BY f.sequence, f.plugin`,
        ).run({ ...parameters(selection), nowMs }).changes,
      )
    );
  }

  /**
   * Deletes the selected ones, and what was asked for them.
   *
   * @returns How many.
   */
  drop(selection: DeadLetterSelection): number {
    return this.#change(() => {
      this.#database.prepare(
        `DELETE FROM request WHERE kind = 'redrive' AND (plugin, sequence) IN
           (SELECT f.plugin, f.sequence FROM failure AS f WHERE ${SELECTED})`,
      ).run(parameters(selection));
      return Number(
        this.#database.prepare(`DELETE FROM failure AS f WHERE ${SELECTED}`)
          .run(parameters(selection)).changes,
      );
    });
  }

  /** Closes the database; nothing may be called after it. */
  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #page(selection: DeadLetterSelection, after: DeadLetter | undefined): DeadLetter[] {
    return this.#run("read", () =>
      this.#database.prepare(
        `SELECT ${COLUMNS} FROM failure AS f
         WHERE ${SELECTED} AND (f.plugin, f.sequence) > (:afterPlugin, :afterSequence)
         ORDER BY f.plugin, f.sequence LIMIT ${PAGE_ROWS}`,
      ).all({
        ...parameters(selection),
        afterPlugin: after?.plugin ?? "",
        afterSequence: after?.sequence ?? 0,
      }) as unknown as DeadLetter[]);
  }

  #change(work: () => number): number {
    return this.#run("write", () => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const changed = work();
        this.#database.exec("COMMIT");
        return changed;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #run<T>(verb: "read" | "write", work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw existingStoreError(verb, this.#path, error);
    }
  }
}

function parameters(selection: DeadLetterSelection): Record<string, SQLInputValue> {
  return {
    plugin: selection.plugin ?? null,
    sinceMs: selection.sinceMs ?? null,
    sequence: selection.sequence ?? null,
    withRedriven: selection.withRedriven === true ? 1 : 0,
  };
}

function readLog(text: string): WholeDeadLetter["log"] {
  const lines: unknown = JSON.parse(text);
  return Array.isArray(lines) ? lines : [];
}
