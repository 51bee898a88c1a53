import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Ledger } from "./ledger.ts";
import type { SessionRow } from "./session_row.ts";

const TABLES = `
  CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    account TEXT,
    user TEXT,
    computer TEXT,
    clientAddress TEXT,
    startedAt TEXT NOT NULL,
    endedAt TEXT NOT NULL,
    durationSeconds INTEGER NOT NULL,
    links INTEGER NOT NULL,
    bytesTransmitted INTEGER NOT NULL,
    bytesReceived INTEGER NOT NULL,
    framesTransmitted INTEGER NOT NULL,
    framesReceived INTEGER NOT NULL,
    mayHaveWrapped INTEGER NOT NULL,
    complete INTEGER NOT NULL,
    synthetic INTEGER NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_day ON session (day, account);
  CREATE VIEW IF NOT EXISTS day AS
    SELECT day, coalesce(account, '') AS account, count(*) AS sessions,
      sum(durationSeconds) AS durationSeconds, sum(bytesTransmitted) AS bytesTransmitted,
      sum(bytesReceived) AS bytesReceived,
      sum(mayHaveWrapped = 1 OR complete = 0) AS inexact
    FROM session GROUP BY day, account`;

/** Rows in a SQLite database; what a day's users come to is a view of them. */
export class SqliteLedger implements Ledger {
  readonly #database: DatabaseSync;

  /** @param path The database; it and its folder are made when they are missing. */
  constructor(path: string) {
    Deno.mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path, { timeout: 2000 });
    // Settled means that the row is on the disk, so each commit waits for it.
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${TABLES}`);
  }

  add(row: SessionRow): void {
    const columns = Object.keys(row);
    this.#database.prepare(
      `INSERT OR IGNORE INTO session (${columns.join(", ")})
       VALUES (${columns.map(() => "?").join(", ")})`,
    ).run(...Object.values(row));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
