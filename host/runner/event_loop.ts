import { uint16, uint32 } from "../events/little_endian.ts";
import type { decodeEvent } from "../events/decode_event.ts";
import { layout } from "../events/layout.ts";
import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import type { KeptMessage, KnownMessage } from "../protocol/messages.ts";
import type { EventsBatch } from "../protocol/events_batch.ts";
import { SettledCollector } from "../protocol/settled.ts";
import { ownTimers } from "./_own_timers.ts";
import { writeError } from "./_write_error.ts";
import type { Answers } from "./answer_writer.ts";
import { type ContextBase, EventContext, type OnceSource } from "./event_context.ts";
import type { AnyHandler, HandlerTable } from "./handler_table.ts";
import { OnceMemory } from "./once_memory.ts";
import { PluginLogger } from "./plugin_logger.ts";
import { reportError } from "./report_error.ts";

/**
 * What is settled is told at the end of a batch, before the next handler is called when the last
 * time is longer ago than this, and after this much of waiting for a handler. So when a handler
 * never returns, at most this much of work is done again, and nobody waits for it who need not.
 */
const TELL_EVERY_MS = 1;

/**
 * After this much of work in a batch, the process gets a turn for everything else: for a stop that the
 * host has sent, for the plugin's own timers. Handlers that never wait would keep it from that.
 */
const TURN_EVERY_MS = 50;

// Taken before a plugin is loaded, so that one which replaces globals harms only itself.
const now = performance.now.bind(performance);

/** Decodes the events that a plugin has handlers for. */
export type DecodeEvent = typeof decodeEvent;

/** Calls the handlers, one event at a time, in sequence. */
export class EventLoop implements OnceSource {
  readonly #writer: Answers;
  readonly #handlers: HandlerTable;
  readonly #decode: DecodeEvent;
  readonly #base: ContextBase;
  readonly #settled = new SettledCollector();
  readonly #idleLog: PluginLogger;
  #lastSettled = 0;
  #toldMs = now();
  /** How long handlers have worked since the last turn, in this batch. */
  #workedMs = 0;
  #log: PluginLogger;
  #stopping = false;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #haltOnFailure: boolean;
  #isHalted = false;
  /** What the host remembers of an event that it is about to hand over. */
  #known: KnownMessage | undefined;
  #memory: OnceMemory | undefined;

  /** @param haltOnFailure After a failed event nothing more is begun until `resume`. */
  constructor(
    writer: Answers,
    handlers: HandlerTable,
    decode: DecodeEvent,
    base: ContextBase,
    haltOnFailure = false,
  ) {
    this.#haltOnFailure = haltOnFailure;
    this.#writer = writer;
    this.#handlers = handlers;
    this.#decode = decode;
    this.#base = base;
    this.#idleLog = this.#log = new PluginLogger(writer);
  }

  /** The logger of the event in hand. */
  get log(): PluginLogger {
    return this.#log;
  }

  /** Begins no further event. */
  stop(): void {
    this.#stopping = true;
  }

  /** Goes on after a failure that halted the loop. */
  resume(): void {
    this.#isHalted = false;
  }

  /** Takes what was done once in an event that comes again, which is among the next batch. */
  know(known: KnownMessage): void {
    this.#known = known;
  }

  /** The host has stored what was done once. */
  kept({ sequence, key }: KeptMessage): void {
    if (this.#memory?.sequence === sequence) this.#memory.kept(key);
  }

  onceMemory(sequence: number): OnceMemory {
    const known = this.#known?.sequence === sequence ? this.#known.outcomes : [];
    return this.#memory = new OnceMemory(this.#writer, sequence, known, this.#base.once);
  }

  /** Works through a batch; after `stop` only through the event in hand. */
  async run(batch: EventsBatch): Promise<void> {
    const { entries } = batch;
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
    let offset = 0;
    this.#workedMs = 0;
    for (let i = 0; i < batch.count && !this.#stopping && !this.#isHalted; i++) {
      const bytes = uint32(view, offset + layout.entry.bytes);
      const type = uint16(view, offset + layout.entry.type);
      const sequence = uint32(view, offset + layout.entry.sequence) +
        uint32(view, offset + layout.entry.sequence + 4) * 2 ** 32;
      const handler = this.#handlers.byType.get(type) ?? this.#handlers.fallback;
      if (handler === undefined) this.#settle(sequence, 0);
      else await this.#handle(handler, view, offset, sequence, batch.attempt);
      if (this.#workedMs > TURN_EVERY_MS) await this.#takeTurn();
      offset = (offset + bytes + 7) & ~7;
    }
    this.tell();
  }

  /** Tells the host what has been settled since the last time. */
  tell(): void {
    this.#toldMs = now();
    if (this.#tellTimer !== undefined) ownTimers.clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    if (this.#settled.count === 0) return;
    this.#writer.write(
      FROM_PLUGIN.settled,
      (payload) => this.#settled.take(this.#lastSettled, payload),
    );
  }

  async #handle(
    handler: AnyHandler,
    view: DataView,
    offset: number,
    sequence: number,
    attempt: number,
  ): Promise<void> {
    const startedMs = now();
    if (startedMs - this.#toldMs > TELL_EVERY_MS) this.tell();
    let ctx: EventContext | undefined;
    try {
      const event = this.#decode(view, offset, attempt);
      if (event === undefined) return this.#settle(sequence, 0);
      this.#log = new PluginLogger(this.#writer, { sequence, eventId: event.id });
      ctx = new EventContext(this.#base, this.#log, startedMs, this, sequence);
      const result = handler(event, ctx);
      if (typeof result === "object" && result !== null) {
        if (this.#settled.count > 0) this.#tellSoon();
        await result;
      }
      const tookMs = now() - startedMs;
      this.#workedMs += tookMs;
      this.#settle(sequence, tookMs);
    } catch (thrown) {
      this.tell();
      writeError(this.#writer, FROM_PLUGIN.failed, { sequence }, reportError(thrown));
      this.#workedMs += now() - startedMs;
      this.#isHalted = this.#haltOnFailure;
    } finally {
      ctx?.finish();
      this.#log = this.#idleLog;
    }
  }

  async #takeTurn(): Promise<void> {
    this.tell();
    // Long enough for what another thread has read of stdin to come in.
    await new Promise<void>((resolve) => void ownTimers.setTimeout(resolve, 1));
    this.#workedMs = 0;
  }

  #tellSoon(): void {
    this.#tellTimer ??= ownTimers.setTimeout(() => this.tell(), TELL_EVERY_MS);
  }

  #settle(sequence: number, durationMs: number): void {
    this.#settled.add(durationMs);
    this.#lastSettled = sequence;
  }
}
