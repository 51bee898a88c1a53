import { changedKeys, type EntryKey } from "./changed_keys.ts";
import type { PluginEntry } from "./registry_schema.ts";

/** A plugin whose entry is another one. */
export interface ChangedEntry {
  readonly id: string;
  /** What is other than before. */
  readonly keys: readonly EntryKey[];
}

/** What a new list of plugins means for those that run; each plugin by its id. */
export interface ReloadPlan {
  /** They run on as they are, wherever they stand now. */
  readonly kept: readonly string[];
  /** Their processes are started anew. */
  readonly changed: readonly ChangedEntry[];
  /** They were not in the list. */
  readonly added: readonly string[];
  /** They were in the list and were not to run. */
  readonly enabled: readonly string[];
  /** They are no longer in the list. */
  readonly removed: readonly string[];
  /** They are still in the list and are not to run any more. */
  readonly disabled: readonly string[];
  /** The fewest that had to be moved to make the old call order the new one. */
  readonly moved: readonly string[];
  /** Whether all that runs runs on as it was. */
  readonly isNothing: boolean;
}

/**
 * Compares two lists of plugins. Pure.
 *
 * @param before The list that is in force, disabled plugins included.
 * @param after The list that comes into force.
 */
export function planReload(
  before: readonly PluginEntry[],
  after: readonly PluginEntry[],
): ReloadPlan {
  const running = before.filter(({ enabled }) => enabled);
  const wanted = after.filter(({ enabled }) => enabled);
  const old = new Map(running.map((entry) => [entry.id, entry]));
  const both = wanted.filter(({ id }) => old.has(id));
  const changed = both.map((entry) => ({
    id: entry.id,
    keys: changedKeys(old.get(entry.id)!, entry),
  })).filter(({ keys }) => keys.length > 0);
  const isChanged = new Set(changed.map(({ id }) => id));
  const come = idsWithout(wanted, running);
  const gone = idsWithout(running, wanted);
  const isKnown = new Set(before.map(({ id }) => id));
  const isListed = new Set(after.map(({ id }) => id));
  const moved = movedIds(running.map(({ id }) => id), both.map(({ id }) => id));
  return {
    kept: both.map(({ id }) => id).filter((id) => !isChanged.has(id)),
    changed,
    added: come.filter((id) => !isKnown.has(id)),
    enabled: come.filter((id) => isKnown.has(id)),
    removed: gone.filter((id) => !isListed.has(id)),
    disabled: gone.filter((id) => isListed.has(id)),
    moved,
    isNothing: [changed, come, gone, moved].every(({ length }) => length === 0),
  };
}

function idsWithout(entries: readonly PluginEntry[], others: readonly PluginEntry[]): string[] {
  const ids = new Set(others.map(({ id }) => id));
  return entries.map(({ id }) => id).filter((id) => !ids.has(id));
}

/** All but a longest part of `after` that stood in this order before. */
function movedIds(before: readonly string[], after: readonly string[]): string[] {
  const places = after.map((id) => before.indexOf(id));
  /** For each place, the length of the longest rising part that ends there, and the one before. */
  const best: { length: number; from: number }[] = [];
  for (const [i, place] of places.entries()) {
    best.push({ length: 1, from: -1 });
    for (let j = 0; j < i; j++) {
      const length = best[j]!.length + 1;
      if (places[j]! < place && length > best[i]!.length) best[i] = { length, from: j };
    }
  }
  const stays = new Set<number>();
  const longest = Math.max(0, ...best.map(({ length }) => length));
  for (let i = best.findIndex(({ length }) => length === longest); i >= 0; i = best[i]!.from) {
    stays.add(i);
  }
  return after.filter((_, i) => !stays.has(i));
}
