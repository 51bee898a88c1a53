import * as z from "zod";
import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import {
  failedSchema,
  keepSchema,
  logSchema,
  readySchema,
  refusedSchema,
} from "../protocol/messages.ts";
import { decodeSettled } from "../protocol/settled.ts";
import type { LogBudget } from "./log_budget.ts";
import type { PluginListener } from "./plugin_process.ts";

const decoder = new TextDecoder();

/**
 * Checks what a plugin's process says and passes it on. Whatever is no message of the protocol
 * makes the process broken; nothing is guessed.
 */
export class AnswerDispatcher {
  readonly #listener: PluginListener;
  readonly #budget: LogBudget;

  constructor(listener: PluginListener, budget: LogBudget) {
    this.#listener = listener;
    this.#budget = budget;
  }

  /** Takes one frame. */
  frame(kind: number, payload: Uint8Array): void {
    switch (kind) {
      case FROM_PLUGIN.settled: {
        const settled = decodeSettled(payload);
        if (settled === undefined) this.broken("a settled message that is malformed");
        else this.#listener.settled(settled);
        return;
      }
      case FROM_PLUGIN.ready:
        return this.#message(payload, readySchema, (message) => this.#listener.ready(message));
      case FROM_PLUGIN.failed:
        return this.#message(payload, failedSchema, (message) => this.#listener.failed(message));
      case FROM_PLUGIN.keep:
        return this.#message(payload, keepSchema, (message) => this.#listener.keep(message));
      case FROM_PLUGIN.refused:
        return this.#message(payload, refusedSchema, (message) => this.#listener.refused(message));
      case FROM_PLUGIN.log:
        if (!this.#budget.take()) return;
        return this.#message(payload, logSchema, (message) => this.#listener.log(message));
      case FROM_PLUGIN.stopped:
        return this.#listener.stopped();
      default:
        this.broken(`a message of the unknown kind ${kind}`);
    }
  }

  /** Takes one line that the plugin wrote around the runner. */
  stray(stream: "stdout" | "stderr", line: string): void {
    if (!this.#budget.take()) return;
    const level = stream === "stderr" ? "warn" : "info";
    this.#listener.log({ level, message: line, fields: { stream } });
  }

  /** Takes word that the bytes are no protocol. */
  broken(what: string): void {
    this.#listener.broken(what);
  }

  #message<Message>(
    payload: Uint8Array,
    schema: z.ZodType<Message>,
    pass: (message: Message) => void,
  ): void {
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(payload));
    } catch {
      return this.broken("a message that is no JSON");
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) pass(parsed.data);
    else this.broken(`a message that is malformed: ${z.prettifyError(parsed.error)}`);
  }
}
