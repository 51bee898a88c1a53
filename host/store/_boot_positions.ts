import type { StatementSync } from "node:sqlite";

/** Service starts, and journals that have counted losses, that are remembered. */
export const BOOTS_MAX = 4096;

/**
 * How far each service start's records have been taken in, in memory too: a batch that has come must
 * not depend on whether the disk can be read now.
 *
 * It is wanted as long as a journal may give the same records once more, which is until they are
 * released; so the ones whose records came last are kept, and any that is forgotten would need
 * {@linkcode BOOTS_MAX} others behind it in a journal that was never released.
 */
export class BootPositions {
  readonly #statement: (sql: string) => StatementSync;
  /** The one whose records came last is the last one. */
  readonly #known = new Map<string, bigint>();
  /** What the transaction that goes on has written. */
  readonly #changed = new Map<string, bigint>();
  /** Rises with each change; the clock would not. */
  #turn = 0;

  constructor(statement: (sql: string) => StatementSync) {
    this.#statement = statement;
  }

  /** Reads what is stored. */
  read(): void {
    const rows = this.#statement("SELECT boot, position, turn FROM boot ORDER BY turn, boot").all();
    for (const { boot, position, turn } of rows) {
      this.#known.set(boot as string, BigInt(position as string));
      this.#turn = turn as number;
    }
  }

  /** How far the records of a service start were taken in when the last transaction was made. */
  of(boot: string): bigint | undefined {
    return this.#known.get(boot);
  }

  /** Inside a transaction: records that a service start's records are taken in up to here. */
  set(boot: string, position: bigint): void {
    this.#statement("INSERT OR REPLACE INTO boot (boot, position, turn) VALUES (?, ?, ?)")
      .run(boot, position.toString(), ++this.#turn);
    const isNew = !this.#known.has(boot) && !this.#changed.has(boot);
    this.#changed.set(boot, position);
    if (!isNew || this.#known.size + this.#changed.size <= BOOTS_MAX) return;
    this.#statement(
      `DELETE FROM boot WHERE boot IN
         (SELECT boot FROM boot ORDER BY turn DESC, boot DESC LIMIT -1 OFFSET ${BOOTS_MAX})`,
    ).run();
  }

  /** The transaction was made. */
  keep(): void {
    for (const [boot, position] of this.#changed) {
      this.#known.delete(boot);
      this.#known.set(boot, position);
    }
    this.#changed.clear();
    for (const boot of this.#known.keys()) {
      if (this.#known.size <= BOOTS_MAX) return;
      this.#known.delete(boot);
    }
  }

  /** The transaction was undone. */
  undo(): void {
    this.#changed.clear();
  }
}
