import { EventType, type EventTypeName } from "./event_type.ts";

const names: ReadonlyMap<number, EventTypeName> = new Map(
  (Object.keys(EventType) as EventTypeName[]).map((name) => [EventType[name], name]),
);

/**
 * Gives the name that belongs to the type number of an entry.
 *
 * @param type The number, as it stands in the entry's header.
 * @returns The name, or `undefined` when this version does not know the number.
 */
export function eventTypeName(type: number): EventTypeName | undefined {
  return names.get(type);
}
