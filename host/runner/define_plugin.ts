import type {
  ConnectionHangupEvent,
  ConnectionUpEvent,
  GapEvent,
  LinkHangupEvent,
  LinkUpEvent,
  OnhookEvent,
  ReauthenticationEvent,
  ServiceStartEvent,
  ServiceStopEvent,
  SessionEndEvent,
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
  /**
   * Does something once for the event in hand, however often the event is handed over: the host
   * remembers by plugin, event and `key` that `action` has succeeded and what it gave, and when the
   * event comes again, `once` gives that back without calling `action`.
   *
   * It settles when the host has stored it. So once an `await ctx.once(…)` is over, no death of plugin
   * or host makes `action` run again for this event. Between the end of `action` and that moment one
   * can: then it does run again. What `action` does elsewhere and the host's record cannot be one
   * step, so send `event.id` along as a key where the other side can tell repeats by it.
   *
   * When `action` fails, nothing is remembered and `once` fails in the same way. Within one event
   * several calls with one key share one run.
   *
   * @param key Names what is done: 1 to 128 characters, no control characters.
   * @param action What gives a value that JSON can express, at most 2048 bytes of it
   * (`onceValueBytesMax`), or nothing. With a value that cannot be remembered, `once` fails, and
   * fails again each time: what was done is not done again.
   * @returns The value as JSON gives it back, in the first run too.
   * @throws {TypeError} When the key is none, no event is in hand (`onStart`, `onStop`, after the
   * handler), or more keys are used for one event than `onceKeysMax` (32).
   */
  once<Value>(key: string, action: () => Value | PromiseLike<Value>): Promise<Value>;
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
  /** A user was authenticated and a connection may come up (`MprAdminAcceptNewConnection2`). */
  readonly onConnectionUp?: Handler<ConnectionUpEvent, Config>;
  /** A link of a connection may come up (`MprAdminAcceptNewLink`). */
  readonly onLinkUp?: Handler<LinkUpEvent, Config>;
  /** The last link of a connection is gone (`MprAdminConnectionHangupNotification2`). */
  readonly onConnectionHangup?: Handler<ConnectionHangupEvent, Config>;
  /** The quarantine state of a connection changed (`MprAdminAcceptReauthentication`). */
  readonly onReauthentication?: Handler<ReauthenticationEvent, Config>;
  /** The service loaded the library (`MprAdminInitializeDll`). */
  readonly onServiceStart?: Handler<ServiceStartEvent, Config>;
  /** The service is stopping (`MprAdminTerminateDll`). */
  readonly onServiceStop?: Handler<ServiceStopEvent, Config>;
  /** Events were lost, and this is how many and when. */
  readonly onGap?: Handler<GapEvent, Config>;
  /** A session is over; made by the host, once for each session. */
  readonly onSessionEnd?: Handler<SessionEndEvent, Config>;
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
