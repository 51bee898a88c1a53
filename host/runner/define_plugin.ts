import type {
  GapEvent,
  LinkHangupEvent,
  OnhookEvent,
  ServiceStartEvent,
  ServiceStopEvent,
} from "../events/event.ts";

/** What a plugin may say in its log; each line carries the plugin and the event in hand. */
export interface PluginLog {
  /** For whoever looks for a fault. */
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What happened. */
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What an administrator should look at. */
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** What failed. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What a handler is given beside the event. */
export interface PluginContext<Config = unknown> {
  /** The plugin's id in the registry. */
  readonly plugin: string;
  /** The registry's `config` of this plugin, as its own schema gave it back. */
  readonly config: Config;
  /** Writes to the host's log. */
  readonly log: PluginLog;
  /**
   * Aborts at nine tenths of the time limit of this event, so that there is time to tidy up. At the
   * limit the process is killed, whether or not the handler listened.
   */
  readonly signal: AbortSignal;
}

/** Anything that checks a configuration: a zod schema, or an object with such a `parse`. */
export interface ConfigSchema<Config> {
  /** Gives the checked configuration back, or throws. */
  parse(value: unknown): Config;
}

/** What a handler may return; "done with this event" is the moment that a promise settles. */
export type HandlerResult = void | Promise<void>;

/** A handler for one type of event. */
export type Handler<Event, Config> = (event: Event, ctx: PluginContext<Config>) => HandlerResult;

/**
 * A plugin: the default export of its module. All handlers are optional; an event without a
 * handler of its own goes to `onEvent`, and without that it is settled at once.
 */
export interface Plugin<Config = unknown> {
  /** Checks the registry's `config` when the plugin starts; without it `ctx.config` is `unknown`. */
  readonly config?: ConfigSchema<Config>;
  /** Once, before the first event. A failure here is a failure to start. */
  readonly onStart?: (ctx: PluginContext<Config>) => HandlerResult;
  /** A link of a connection was dismantled (`MprAdminLinkHangupNotification`). */
  readonly onLinkHangup?: Handler<LinkHangupEvent, Config>;
  /** The service loaded the library (`MprAdminInitializeDll`). */
  readonly onServiceStart?: Handler<ServiceStartEvent, Config>;
  /** The service is stopping (`MprAdminTerminateDll`). */
  readonly onServiceStop?: Handler<ServiceStopEvent, Config>;
  /** Events were lost, and this is how many and when. */
  readonly onGap?: Handler<GapEvent, Config>;
  /** Every event that has no handler of its own. */
  readonly onEvent?: Handler<OnhookEvent, Config>;
  /** Once, when the host stops the plugin in an orderly way. */
  readonly onStop?: (ctx: PluginContext<Config>) => HandlerResult;
}

/**
 * Types a plugin, and nothing else: the object comes back as it is.
 *
 * @typeParam Config What the plugin's own schema makes of its configuration.
 * @param plugin The handlers.
 * @returns The same object.
 *
 * @example A plugin of ten lines
 * ```ts
 * import { definePlugin } from "onhook";
 * import { assertEquals } from "@std/assert";
 *
 * const plugin = definePlugin({
 *   onLinkHangup(event, ctx) {
 *     ctx.log.info("link down", { port: event.port.name });
 *   },
 * });
 *
 * assertEquals(Object.keys(plugin), ["onLinkHangup"]);
 * ```
 *
 * @example A configuration that is checked at the start
 * ```ts
 * import { definePlugin } from "onhook";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const plugin = definePlugin({
 *   config: z.object({ file: z.string() }),
 *   onStart(ctx) {
 *     ctx.log.info("writing", { file: ctx.config.file });
 *   },
 * });
 *
 * assertEquals(plugin.config?.parse({ file: "a.jsonl" }), { file: "a.jsonl" });
 * ```
 */
export function definePlugin<Config = unknown>(plugin: Plugin<Config>): Plugin<Config> {
  return plugin;
}
