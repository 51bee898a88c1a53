import { EventType, type EventTypeName } from "../events/event_type.ts";
import type { Plugin, PluginContext } from "./define_plugin.ts";
import type { OnhookEvent } from "../events/event.ts";

/** A handler whose event type is no longer known to the compiler. */
export type AnyHandler = (event: OnhookEvent, ctx: PluginContext) => unknown;

/** The handlers of a plugin by the number of their event type. */
export interface HandlerTable {
  /** The handler of each type that has one of its own. */
  readonly byType: ReadonlyMap<number, AnyHandler>;
  /** The handler of every other event. */
  readonly fallback: AnyHandler | undefined;
  /** Whether no handler is for a connection or a session, see `decodePortEvent`. */
  readonly isOfPorts: boolean;
  /** The names of all handlers that the plugin has. */
  readonly names: readonly string[];
}

/** How an event type's handler is called: `linkHangup` → `onLinkHangup`. */
function handlerName(type: EventTypeName): string {
  return `on${type[0]!.toUpperCase()}${type.slice(1)}`;
}

const HANDLED = Object.keys(EventType) as EventTypeName[];

const PORT_TYPES: ReadonlySet<number> = new Set([
  EventType.linkHangup,
  EventType.linkUp,
  EventType.serviceStart,
  EventType.serviceStop,
  EventType.gap,
]);

const LIFE_HANDLERS = ["onStart", "onStop"];

/**
 * Sorts out the handlers of a plugin once, before the first event.
 *
 * @param plugin The default export of the plugin's module.
 * @returns The table.
 * @throws {TypeError} When it is no plugin; the message lists everything that is wrong with it.
 */
export function handlerTable(plugin: unknown): HandlerTable {
  if (typeof plugin !== "object" || plugin === null || Array.isArray(plugin)) {
    const found = plugin === undefined
      ? "no default export"
      : plugin === null
      ? "null"
      : Array.isArray(plugin)
      ? "an array"
      : `a ${typeof plugin}`;
    throw new TypeError(
      `Cannot use the module: ${found}, wanted a default export made with definePlugin({ … })`,
    );
  }
  const known = new Map<string, number | undefined>([["onEvent", undefined]]);
  for (const type of HANDLED) known.set(handlerName(type), EventType[type]);
  for (const name of LIFE_HANDLERS) known.set(name, undefined);
  const byType = new Map<number, AnyHandler>();
  const names: string[] = [];
  const wrong = Object.keys(plugin).filter((key) => /^on[A-Z]/.test(key) && !known.has(key))
    .map((key) => `${key} is no handler`);
  for (const [name, type] of known) {
    // Inherited ones too: a plugin may be an instance of a class.
    const value = (plugin as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    if (typeof value !== "function") {
      wrong.push(`${name} is no function`);
      continue;
    }
    if (type !== undefined) byType.set(type, (value as AnyHandler).bind(plugin));
    names.push(name);
  }
  if (wrong.length > 0) {
    throw new TypeError(
      `Cannot use the plugin: ${wrong.join(", ")}, wanted handlers among ${
        [...known.keys()].join(", ")
      }`,
    );
  }
  const fallback = (plugin as Plugin).onEvent as AnyHandler | undefined;
  const isOfPorts = fallback === undefined &&
    [...byType.keys()].every((type) => PORT_TYPES.has(type));
  return { byType, fallback: fallback?.bind(plugin), isOfPorts, names };
}
