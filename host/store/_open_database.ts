import { dirname } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../internal/clock.ts";
import { MIGRATIONS } from "./_schema.ts";

/** Beyond this it is no version that any Onhook has written. */
const VERSION_MAX = 1000;

/**
 * Opens the database of a host, makes it when there is none, and brings it up to date.
 *
 * @param path Its file; the folder is made too.
 */
export function openDatabase(path: string, clock: Clock): DatabaseSync {
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite makes a file that everybody may read; its other files get the mode of this one.
  Deno.openSync(path, { write: true, create: true, mode: 0o600 }).close();
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    database.exec(
      // 256 KiB: a turn touches a handful of pages, and the system caches the file anyway.
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
       PRAGMA cache_size = -256; PRAGMA journal_size_limit = 16777216; PRAGMA temp_store = MEMORY`,
    );
    migrate(database);
    // Written and synced by SQLite itself, so that the name of the write-ahead log is on the disk
    // too; from then on `Store.makeDurable` has to sync its content only.
    database.exec(
      `INSERT OR REPLACE INTO meta (key, value) VALUES ('opened_ms', '${clock.now()}');
       PRAGMA synchronous = NORMAL`,
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: DatabaseSync): void {
  const row = database.prepare("PRAGMA user_version").get()!;
  const version = row["user_version"] as number;
  if (version < 0 || version > VERSION_MAX) {
    throw new RangeError(`file is not a database of Onhook: it has version ${version}`);
  }
  if (version > MIGRATIONS.length) {
    throw new RangeError(
      `it has version ${version}, at most ${MIGRATIONS.length} is known to this Onhook`,
    );
  }
  for (let step = version; step < MIGRATIONS.length; step++) {
    database.exec(`BEGIN; ${MIGRATIONS[step]} PRAGMA user_version = ${step + 1}; COMMIT`);
  }
}
