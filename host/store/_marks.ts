import { join } from "@std/path";
import type { DatabaseSync } from "node:sqlite";
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

/** The marks of a database as it is now. */
export function marksOf(database: DatabaseSync): Marks {
  const rows = database.prepare("SELECT plugin, settled FROM cursor").all();
  const cursors = Object.fromEntries(
    rows.map((row) => [row["plugin"] as string, row["settled"] as number]),
  );
  const last = database.prepare("SELECT max(last) AS n FROM segment").get()!["n"] as number | null;
  return { newest: Math.max(last ?? 0, ...Object.values(cursors)), cursors };
}

/** Keeps marks; without room for them they are those of before. */
export function writeMarks(stateFolder: string, marks: Marks): void {
  const path = marksPath(stateFolder);
  try {
    Deno.writeTextFileSync(`${path}.new`, JSON.stringify(marks), { mode: 0o600 });
    Deno.renameSync(`${path}.new`, path);
  } catch {
    // They only say more about a damage that will hardly come; the database is what counts.
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
