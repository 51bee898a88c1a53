import type { OnceLimits } from "../protocol/messages.ts";
import type { PluginContext, PluginLog } from "./define_plugin.ts";
import type { OnceMemory } from "./once_memory.ts";
import { ownTimers } from "./_own_timers.ts";

/** The part of the time limit after which `signal` aborts. */
const ABORT_SHARE = 0.9;

/** What is the same for every event of a plugin. */
export interface ContextBase {
  readonly plugin: string;
  readonly config: unknown;
  readonly timeoutMs: number;
  /** Limits of `once`; without them the protocol's. */
  readonly once?: OnceLimits | undefined;
}

/** Where the memory of an event is, when something is to be done once. */
export interface OnceSource {
  /** The memory of the event in hand; it is made when it is asked for. */
  onceMemory(sequence: number): OnceMemory;
}

/** The context of one call of a handler. The signal and its timer are made when first asked for. */
export class EventContext implements PluginContext {
  readonly plugin: string;
  readonly config: unknown;
  readonly log: PluginLog;
  readonly #timeoutMs: number;
  readonly #startedMs: number;
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #done = false;
  readonly #onceSource: OnceSource | undefined;
  readonly #sequence: number;
  #memory: OnceMemory | undefined;

  /**
   * @param startedMs `performance.now()` of the call.
   * @param onceSource Without it there is no event in hand.
   * @param sequence The event in hand.
   */
  constructor(
    base: ContextBase,
    log: PluginLog,
    startedMs: number,
    onceSource?: OnceSource,
    sequence = 0,
  ) {
    this.plugin = base.plugin;
    this.config = base.config;
    this.log = log;
    this.#timeoutMs = base.timeoutMs;
    this.#startedMs = startedMs;
    this.#onceSource = onceSource;
    this.#sequence = sequence;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = this.#controller = new AbortController();
      const leftMs = this.#startedMs + this.#timeoutMs * ABORT_SHARE - performance.now();
      if (!this.#done) {
        this.#timer = ownTimers.setTimeout(() => {
          controller.abort(
            new DOMException(
              `The time limit of this event (${this.#timeoutMs} ms) is nearly reached`,
              "TimeoutError",
            ),
          );
        }, Math.max(leftMs, 0));
      }
    }
    return this.#controller.signal;
  }

  async once<Value>(key: string, action: () => Value | PromiseLike<Value>): Promise<Value> {
    if (this.#onceSource === undefined || (this.#done && this.#memory === undefined)) {
      throw new TypeError(
        `Cannot do "${key}" once: no event is in hand, wanted to be asked within the handler of one`,
      );
    }
    this.#memory ??= this.#onceSource.onceMemory(this.#sequence);
    return await this.#memory.run(key, action);
  }

  /** Says that the handler is done; the signal no longer aborts, and nothing more is done once. */
  finish(): void {
    this.#done = true;
    this.#memory?.finish();
    if (this.#timer !== undefined) ownTimers.clearTimeout(this.#timer);
  }
}
