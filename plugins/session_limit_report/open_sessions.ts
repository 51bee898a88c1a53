import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** One session that is open. */
export interface OpenSession {
  readonly id: string;
  readonly account: string;
  /** When it began, ISO 8601. */
  readonly since: string;
}

/** The sessions that are open, kept on the disk so that a restart of the plugin forgets none. */
export class OpenSessions implements Disposable {
  readonly #database: DatabaseSync;

  /** @param path The database; it and its folder are made when they are missing. */
  constructor(path: string) {
    Deno.mkdirSync(dirname(path), { recursive: true });
    this.#database = new DatabaseSync(path, { timeout: 2000 });
    this.#database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS open (
        id TEXT PRIMARY KEY, account TEXT NOT NULL, since TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS open_account ON open (account)`);
  }

  /** Adds a session; one that is there stays as it is. @returns Whether it is new. */
  add({ id, account, since }: OpenSession): boolean {
    return this.#database.prepare(
      "INSERT OR IGNORE INTO open (id, account, since) VALUES (?, ?, ?)",
    )
      .run(id, account, since).changes === 1;
  }

  /** Forgets a session that is over. */
  remove(id: string): void {
    this.#database.prepare("DELETE FROM open WHERE id = ?").run(id);
  }

  /** The open sessions of a user, the oldest first. */
  of(account: string): OpenSession[] {
    return this.#database.prepare(
      "SELECT id, account, since FROM open WHERE account = ? ORDER BY since, id",
    )
      .all(account) as unknown as OpenSession[];
  }

  /** Users with more sessions than `limit`, those with the most first, at most 1000. */
  above(limit: number): { account: string; sessions: number }[] {
    return this.#database.prepare(
      `SELECT account, count(*) AS sessions FROM open GROUP BY account HAVING count(*) > ?
       ORDER BY sessions DESC, account LIMIT 1000`,
    ).all(limit) as unknown as { account: string; sessions: number }[];
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
