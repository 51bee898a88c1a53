import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";

/** How far everything is, as the store says. */
export interface StoreState {
  readonly newest: number;
  /** Every event up to this one is settled by every plugin. */
  readonly settled: number;
}

/** Looks into the store of a host that may run; zeros while it cannot be read. */
export function storeState(stateFolder: string, plugins: readonly string[]): StoreState {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(stateFolder, "onhook.sqlite"), { readOnly: true });
    const last = database.prepare("SELECT max(last) AS n FROM segment").get()!["n"];
    const cursors = database.prepare("SELECT plugin, settled FROM cursor").all();
    const settled = plugins.map((id) =>
      (cursors.find((row) => row["plugin"] === id)?.["settled"] as number | undefined) ?? 0
    );
    return { newest: (last as number | null) ?? 0, settled: Math.min(...settled) };
  } catch {
    return { newest: 0, settled: 0 };
  } finally {
    database?.close();
  }
}

/** Says of an event whether it became a dead letter of a plugin, by a store that no host has open. */
export function deadLetters(stateFolder: string): (plugin: string, sequence: number) => boolean {
  const database = new DatabaseSync(join(stateFolder, "onhook.sqlite"), { readOnly: true });
  const rows = database.prepare("SELECT plugin, sequence FROM failure").all();
  database.close();
  const dead = new Set(rows.map((row) => `${row["plugin"]} ${row["sequence"]}`));
  return (plugin, sequence) => dead.has(`${plugin} ${sequence}`);
}

/** Waits until nothing has come and everything has been settled for a while. */
export async function allSettled(
  stateFolder: string,
  plugins: readonly string[],
  limitMs: number,
): Promise<StoreState> {
  const endMs = Date.now() + limitMs;
  let quiet = 0;
  let before = 0;
  while (true) {
    const state = storeState(stateFolder, plugins);
    const isQuiet = state.newest > 0 && state.newest === before && state.settled === state.newest;
    quiet = isQuiet ? quiet + 1 : 0;
    before = state.newest;
    // The host waits for at most a second at a time for what the library writes.
    if (quiet >= 5) return state;
    if (Date.now() > endMs) {
      throw new RangeError(`not settled within ${limitMs} ms: ${JSON.stringify(state)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
