import type { PluginContext, PluginLog } from "./define_plugin.ts";

/** The part of the time limit after which `signal` aborts. */
const ABORT_SHARE = 0.9;

/** What is the same for every event of a plugin. */
export interface ContextBase {
  readonly plugin: string;
  readonly config: unknown;
  readonly timeoutMs: number;
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

  /** @param startedMs `performance.now()` of the call. */
  constructor(base: ContextBase, log: PluginLog, startedMs: number) {
    this.plugin = base.plugin;
    this.config = base.config;
    this.log = log;
    this.#timeoutMs = base.timeoutMs;
    this.#startedMs = startedMs;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = this.#controller = new AbortController();
      const leftMs = this.#startedMs + this.#timeoutMs * ABORT_SHARE - performance.now();
      if (!this.#done) {
        this.#timer = setTimeout(() => {
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

  /** Says that the handler is done; the signal no longer aborts. */
  finish(): void {
    this.#done = true;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
  }
}
