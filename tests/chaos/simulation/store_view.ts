import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { AttemptRun } from "../../../host/store/store.ts";

/** A plugin's cursor as it stands in the database. */
export interface StoredCursor {
  readonly settled: number;
  readonly runs: readonly AttemptRun[];
}

/** A row of events as it stands in the database. */
export interface StoredRow {
  readonly first: number;
  readonly last: number;
  readonly bytes: Uint8Array;
}

/** Looks into the tables themselves, past the code that is tried. */
export class StoreView {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  cursors(): Map<string, StoredCursor> {
    const rows = this.#all("SELECT plugin, settled, runs FROM cursor");
    return new Map(rows.map((row) => {
      const runs = (JSON.parse(row["runs"] as string) as [number, number][])
        .map(([to, attempt]) => ({ to, attempt }));
      return [row["plugin"] as string, { settled: row["settled"] as number, runs }];
    }));
  }

  /** The oldest event that is there, 0 without any. */
  first(): number {
    return (this.#all("SELECT min(first) AS n FROM segment")[0]!["n"] as number | null) ?? 0;
  }

  /** Rows of events from a sequence on. */
  rowsFrom(first: number): StoredRow[] {
    return this.#all(
      "SELECT first, last, bytes FROM segment WHERE first >= ? ORDER BY first",
      first,
    ) as unknown as StoredRow[];
  }

  /** How a plugin has failed on an event, if it did. */
  failureKind(plugin: string, sequence: number): string | undefined {
    const [row] = this.#all(
      "SELECT kind FROM failure WHERE plugin = ? AND sequence = ?",
      plugin,
      sequence,
    );
    return row?.["kind"] as string | undefined;
  }

  /** The dead letters of a plugin. */
  failures(plugin: string): { sequence: number; attempt: number; redriven: boolean }[] {
    return this.#all(
      "SELECT sequence, attempt, redriven_ms FROM failure WHERE plugin = ? ORDER BY sequence",
      plugin,
    ).map((row) => ({
      sequence: row["sequence"] as number,
      attempt: row["attempt"] as number,
      redriven: row["redriven_ms"] !== null,
    }));
  }

  /** The rows of the ordinary outcome of a plugin. */
  doneRuns(plugin: string): { first: number; last: number }[] {
    return this.#all(
      "SELECT first, last FROM done_run WHERE plugin = ? ORDER BY first",
      plugin,
    ) as unknown as { first: number; last: number }[];
  }

  /** Whether somebody asks for a dead letter to be handed over once more. */
  isRedriveAsked(plugin: string, sequence: number): boolean {
    return this.#all(
      "SELECT 1 FROM request WHERE kind = 'redrive' AND plugin = ? AND sequence = ?",
      plugin,
      sequence,
    ).length > 0;
  }

  /** How many requests wait. */
  requests(): number {
    return this.#all("SELECT count(*) AS n FROM request")[0]!["n"] as number;
  }

  #all(sql: string, ...values: (string | number)[]): Record<string, unknown>[] {
    const known = this.#statements.get(sql);
    const statement = known ?? this.#database.prepare(sql);
    if (known === undefined) this.#statements.set(sql, statement);
    return statement.all(...values);
  }
}
