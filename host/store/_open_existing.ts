import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { DefectError, StoreError } from "../internal/errors.ts";
import { MIGRATIONS } from "./_schema.ts";

/** How long a statement waits while the host writes, in milliseconds. */
const BUSY_TIMEOUT_MS = 5000;

/** A store that a host has made. */
export interface ExistingStore {
  readonly path: string;
  readonly database: DatabaseSync;
}

/**
 * Opens a store that is there already, without changing its tables; a host may have it open too.
 *
 * @param stateFolder The host's state folder.
 * @param mode `read` needs no right to write and cannot change anything.
 * @throws {StoreError} When there is none, or it is of another version.
 */
export function openExisting(stateFolder: string, mode: "read" | "write"): ExistingStore {
  const path = join(stateFolder, "onhook.sqlite");
  let database: DatabaseSync | undefined;
  try {
    requireFile(path);
    database = new DatabaseSync(path, { readOnly: mode === "read", timeout: BUSY_TIMEOUT_MS });
    const { user_version: version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    requireVersion(version, path);
    return { path, database };
  } catch (error) {
    database?.close();
    throw existingStoreError("open", path, error);
  }
}

/** The error that a failed call of an existing store is told with. */
export function existingStoreError(verb: string, path: string, error: unknown): Error {
  if (error instanceof StoreError || error instanceof DefectError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(
    `Cannot ${verb} the store: ${path}: ${reason}, wanted the database of a host`,
    { cause: error },
  );
}

function requireFile(path: string): void {
  try {
    Deno.statSync(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new StoreError(
      `Cannot open the store: ${path}: there is none, wanted the database of a host that has run; ` +
        "name its folder with --state=DIR or its journal with --journal=PATH",
      { cause },
    );
  }
}

function requireVersion(version: number, path: string): void {
  if (version === MIGRATIONS.length) return;
  const next = version > MIGRATIONS.length
    ? "use the Onhook that the host is of"
    : "start the host of this Onhook once, which brings it up to date";
  throw new StoreError(
    `Cannot open the store: ${path}: it has version ${version}, wanted ${MIGRATIONS.length}; ${next}`,
  );
}
