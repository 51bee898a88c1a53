import { EventType } from "../events/event_type.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import type { ReadStore, StoredOnce } from "../store/read_store.ts";
import { findBackwards } from "./find_event.ts";
import { isLate } from "./is_late.ts";
import { type Outcome, OutcomeRange } from "./outcome.ts";
import { bootOf, type EntryInStore, type StoredEvent, storedEvent } from "./stored_event.ts";

/** What became of the event in one plugin. */
export interface ExplainedPlugin {
  readonly plugin: string;
  /** Its place in the call order, counted from 1; `undefined` when it is not in the registry. */
  readonly place: number | undefined;
  /** Whether the registry lets it run. */
  readonly isEnabled: boolean;
  /** Whether it has ever run on this store. */
  readonly isKnown: boolean;
  readonly outcome: Outcome;
  /** Whether the plugin has caught up with it later, see {@linkcode isLate}. */
  readonly isLate: boolean;
  /** What the plugin did once with `ctx.once`; absent when it did nothing so. */
  readonly once?: readonly StoredOnce[];
}

/** The whole way of one event. */
export interface Explanation {
  readonly event: StoredEvent;
  /** The start of the service that it is of; `undefined` when the store no longer has it. */
  readonly serviceStart: StoredEvent | undefined;
  /** In call order, then those that are not in the registry. */
  readonly plugins: readonly ExplainedPlugin[];
}

/**
 * Tells the whole way of an event, from the callout to the last plugin.
 *
 * @param entry The event.
 * @param registry The plugins in call order, disabled ones included.
 */
export function explainEvent(
  store: ReadStore,
  entry: EntryInStore,
  registry: readonly PluginEntry[],
): Explanation {
  const event = storedEvent(entry);
  const plugins = store.snapshot(() => {
    const others = store.plugins().filter((id) => registry.every((plugin) => plugin.id !== id));
    return [...registry.map(({ id }) => id), ...others].map((plugin) => {
      const range = new OutcomeRange(store, plugin, event.sequence, event.sequence);
      const once = store.doneOnce(plugin, event.sequence);
      return { plugin, isKnown: range.isKnown, outcome: range.of(event.sequence), once };
    });
  });
  return {
    event,
    serviceStart: serviceStartOf(store, entry),
    plugins: plugins.flatMap(({ plugin, isKnown, outcome, once }) => {
      const place = registry.findIndex(({ id }) => id === plugin);
      // One that is gone from the registry and never saw the event has no part in its way.
      if (place < 0 && (outcome.kind === "none" || outcome.kind === "waiting")) return [];
      return [{
        plugin,
        place: place < 0 ? undefined : place + 1,
        isEnabled: registry[place]?.enabled ?? false,
        isKnown,
        outcome,
        isLate: isLate(outcome, event.storedMs),
        ...(once.length > 0 ? { once } : {}),
      }];
    }),
  };
}

function serviceStartOf(store: ReadStore, entry: EntryInStore): StoredEvent | undefined {
  if (entry.type === EventType.gap) return undefined;
  const boot = bootOf(entry);
  const found = findBackwards(
    store,
    entry.sequence,
    (other) => other.type === EventType.serviceStart && bootOf(other) === boot,
  );
  return found === undefined ? undefined : storedEvent(found);
}
