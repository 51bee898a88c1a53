import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The statements of one database, each prepared once. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The prepared statement of some SQL, of which there must be a bounded number of texts. */
  readonly of = (sql: string): StatementSync => {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  };
}
