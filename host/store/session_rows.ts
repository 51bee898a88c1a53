import type { StatementSync } from "node:sqlite";
import { storeError } from "./_store_error.ts";

/** The sessions that have not ended, by their ids; what is said of each is the sessions' own. */
export class SessionRows {
  readonly #prepare: (sql: string) => StatementSync;
  readonly #path: string;

  /**
   * @param prepare Gives a statement of the store's database.
   * @param path Where the database is.
   */
  constructor(prepare: (sql: string) => StatementSync, path: string) {
    this.#prepare = prepare;
    this.#path = path;
  }

  /**
   * All of them, as they were put, in no order.
   *
   * @throws {StoreError} When they cannot be read.
   */
  all(): string[] {
    try {
      return this.#prepare("SELECT state FROM session").all().map((row) => row["state"] as string);
    } catch (error) {
      throw storeError("read", this.#path, error);
    }
  }

  /** Inside a transaction: keeps a session, or what has become of it. */
  put(id: string, state: string): void {
    this.#prepare("INSERT OR REPLACE INTO session (id, state) VALUES (?, ?)").run(id, state);
  }

  /** Inside a transaction: forgets a session that is over. */
  remove(id: string): void {
    this.#prepare("DELETE FROM session WHERE id = ?").run(id);
  }
}
