import { dirname, join } from "@std/path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import * as z from "zod";

const marksSchema = z.strictObject({
  newest: z.int().nonnegative(),
  cursors: z.record(z.string(), z.int().nonnegative()),
});

/**
 * How far everything was, kept beside the database: should that be damaged, what is lost with it
 * can still be said, and no event gets a number that plugins have passed.
 */
export type Marks = z.infer<typeof marksSchema>;

/** Makes one database durable, and writes its marks. */
export class MarkWriter {
  readonly #path: string;
  readonly #database: DatabaseSync;
  /** The newest event that is safe from a loss of power: no database is to be missed behind it. */
  #newest = 0;
  #written = "";
  #last: StatementSync | undefined;
  #cursors: StatementSync | undefined;

  /** The write-ahead log, opened a second time for syncing. */
  #log: Deno.FsFile | undefined;

  /** @param path The database's file. */
  constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
  }

  /** Makes all transactions so far survive a loss of power; another thread waits for the disk. */
  async sync(): Promise<void> {
    const newest = this.#lastEvent();
    // SQLite keeps one file of this name for as long as the database is open, and locks others.
    this.#log ??= Deno.openSync(`${this.#path}-wal`, { read: true, write: true });
    await this.#log.syncData();
    this.#newest = newest;
    this.write();
  }

  /** Lets go of the file. */
  close(): void {
    this.#log?.close();
  }

  /** The newest event that is in the database now. */
  #lastEvent(): number {
    this.#last ??= this.#database.prepare(
      `SELECT max(
         coalesce((SELECT last FROM segment ORDER BY first DESC LIMIT 1), 0),
         coalesce((SELECT max(settled) FROM cursor), 0)) AS n`,
    );
    const row = this.#last.get();
    return (row?.["n"] as number | null | undefined) ?? 0;
  }

  /** Writes the marks, when they have changed. */
  write(): void {
    const folder = dirname(this.#path);
    // Until something has been made durable, what was before the start counts.
    if (this.#newest === 0) this.#newest = readMarks(folder)?.newest ?? 0;
    const newest = this.#newest;
    if (newest === 0) return;
    this.#cursors ??= this.#database.prepare("SELECT plugin, settled FROM cursor");
    const cursors: Record<string, number> = {};
    for (const { plugin, settled } of this.#cursors.all()) {
      cursors[plugin as string] = Math.min(settled as number, newest);
    }
    const text = JSON.stringify({ newest, cursors } satisfies Marks);
    if (text === this.#written) return;
    const path = marksPath(folder);
    try {
      Deno.writeTextFileSync(`${path}.new`, text, { mode: 0o600 });
      Deno.renameSync(`${path}.new`, path);
      this.#written = text;
    } catch {
      // They only say more about a damage that will hardly come; the database is what counts.
    }
  }
}

/** @returns `undefined` when there are none, or none that can be read. */
export function readMarks(stateFolder: string): Marks | undefined {
  try {
    return marksSchema.parse(JSON.parse(Deno.readTextFileSync(marksPath(stateFolder))));
  } catch {
    return undefined;
  }
}

/** Forgets them, as when the database that they are of is gone. */
export function removeMarks(stateFolder: string): void {
  try {
    Deno.removeSync(marksPath(stateFolder));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function marksPath(stateFolder: string): string {
  return join(stateFolder, "onhook.marks.json");
}
