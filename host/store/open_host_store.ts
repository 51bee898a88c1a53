import { basename, join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../internal/clock.ts";
import type { HostLog } from "../internal/host_log.ts";
import { dropDamagedStores, setAside, STORE_FILES } from "./_damaged_stores.ts";
import { type Marks, readMarks, removeMarks } from "./_marks.ts";
import { lossGap, salvage } from "./_salvage.ts";
import { isDamaged } from "./is_damaged.ts";
import { Store } from "./store.ts";

/** Up to this size the whole database is looked through when the host starts. */
const CHECKED_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Opens the store of a host. One that is damaged is set aside under another name, and a new one
 * takes its place: with every event that is not settled by all and can still be read, and with the
 * plugins as far as they were. The log says exactly what is lost, and a gap event says it to the
 * plugins. What was in the journal at that time comes again.
 *
 * @param damagedStoresMax Stores that are set aside are dropped when there are more.
 * @throws {StoreError} When it cannot be opened or set aside, or is of a later version of Onhook.
 */
export function openHostStore(
  stateFolder: string,
  clock: Clock,
  log: HostLog,
  damagedStoresMax: number,
): Store {
  const marks = readMarks(stateFolder);
  let store: Store | undefined;
  let why: string;
  try {
    store = Store.open(stateFolder, clock);
    const damage = damageOf(store, stateFolder, marks);
    if (damage === undefined) return store;
    why = damage;
  } catch (error) {
    if (!isDamaged(error)) {
      store?.close();
      throw error;
    }
    why = (error as Error).message;
  }
  store?.close();
  const aside = setAside(stateFolder, clock);
  const rebuilt = rebuild({ stateFolder, clock, log, marks, why, aside });
  try {
    dropDamagedStores(stateFolder, damagedStoresMax, log);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(`Cannot drop damaged stores: ${reason}; it is tried again with the next one`);
  }
  return rebuilt;
}

/** What is wrong with a database that can be opened. */
function damageOf(
  store: Store,
  stateFolder: string,
  marks: Marks | undefined,
): string | undefined {
  const newest = Math.max(store.lastSequence, store.furthestCursor);
  if (marks !== undefined && newest < marks.newest) {
    return `its newest event is ${newest}, ${marks.newest} has been there`;
  }
  const path = join(stateFolder, STORE_FILES[0]);
  if (Deno.statSync(path).size > CHECKED_BYTES_MAX) return undefined;
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const words = database.prepare("PRAGMA quick_check(1)").get()!["quick_check"] as string;
    return words === "ok" ? undefined : words.replaceAll("\n", " ");
  } finally {
    database.close();
  }
}

interface Rebuilding {
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly log: HostLog;
  readonly marks: Marks | undefined;
  readonly why: string;
  readonly aside: string;
}

function rebuild({ stateFolder, clock, log, marks, why, aside }: Rebuilding): Store {
  removeMarks(stateFolder);
  const store = Store.open(stateFolder, clock);
  const place = join(basename(join(aside, "..")), basename(aside));
  const said =
    `The store is damaged: ${why}; it is set aside as ${place} and a new one is in its ` +
    "place; dead letters, requests, keys of once and the history are in the old one only; events " +
    "that were in the journal at that time may come again without saying so";
  if (marks === undefined) {
    log.error(`${said}; which events are lost is not known: how far plugins were was not kept`);
    return store;
  }
  const { newest, cursors } = marks;
  const least = Math.min(newest, ...Object.values(cursors));
  const salvaged = salvage(aside, least + 1, newest);
  const reached = salvaged.at(-1)?.last ?? least;
  store.transaction(() => {
    for (const segment of salvaged) store.addSegment(segment);
    if (reached < newest) store.addSegment(lossGap(newest - reached, newest + 1, clock));
    for (const [plugin, settled] of Object.entries(cursors)) {
      // They may have been handed over: what comes says that it may be the second time.
      const runs = settled < newest ? [{ to: newest, attempt: 1 }] : [];
      store.setCursor(plugin, { settled, runs });
    }
  });
  const lost = Object.entries(cursors).map(([plugin, settled]) => {
    const from = Math.max(settled, reached) + 1;
    return from > newest
      ? `${plugin} loses nothing`
      : `${plugin} loses ${newest - from + 1} events, ${from} to ${newest}`;
  });
  log.error(`${said}; the newest event was ${newest}; ${lost.join("; ")}`, { newest, cursors });
  return store;
}
