import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import { ONCE_LIMITS } from "../protocol/limits.ts";
import type { KnownMessage, OnceLimits, OnceOutcome } from "../protocol/messages.ts";
import type { Answers } from "./answer_writer.ts";

// Taken before a plugin is loaded, so that one which replaces globals harms only itself.
const { parse, stringify } = JSON;
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);

const PROBLEM_CHARACTERS_MAX = 200;

/** What a plugin has done once in the event in hand, in this attempt and in those before. */
export class OnceMemory {
  readonly sequence: number;
  readonly #writer: Answers;
  readonly #limits: OnceLimits;
  readonly #known: Map<string, OnceOutcome>;
  /** Calls of this attempt that go on or have succeeded. */
  readonly #calls = new Map<string, Promise<unknown>>();
  /** Called when the host has stored a key. */
  readonly #whenKept = new Map<string, () => void>();
  #isOver = false;

  /** @param known What was done in earlier attempts. */
  constructor(
    writer: Answers,
    sequence: number,
    known: KnownMessage["outcomes"] = [],
    limits: OnceLimits = ONCE_LIMITS,
  ) {
    this.#writer = writer;
    this.sequence = sequence;
    this.#known = new Map(known);
    this.#limits = limits;
  }

  /** See `PluginContext.once`. */
  async run<Value>(key: string, action: () => Value | PromiseLike<Value>): Promise<Value> {
    const earlier = this.#known.get(key);
    if (earlier !== undefined) return valueOf(key, earlier) as Value;
    const running = this.#calls.get(key);
    if (running !== undefined) return await running as Value;
    this.#check(key);
    const call = this.#first(key, action);
    this.#calls.set(key, call);
    try {
      return await call as Value;
    } catch (error) {
      this.#calls.delete(key);
      throw error;
    }
  }

  /** The host has stored a key. */
  kept(key: string): void {
    this.#whenKept.get(key)?.();
    this.#whenKept.delete(key);
  }

  /** The handler is done: whatever still runs is too late to be remembered. */
  finish(): void {
    this.#isOver = true;
  }

  async #first(key: string, action: () => unknown): Promise<unknown> {
    const outcome = outcomeOf(await action(), this.#limits.valueBytesMax);
    this.#checkInHand(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenKept.set(key, resolve);
    this.#writer.tryWriteMessage(FROM_PLUGIN.keep, { sequence: this.sequence, key, outcome });
    await promise;
    this.#known.set(key, outcome);
    return valueOf(key, outcome);
  }

  #check(key: string): void {
    this.#checkInHand(key);
    const { keyCharactersMax } = ONCE_LIMITS;
    const isKey = typeof key === "string" && key.length <= keyCharactersMax &&
      /^\P{Cc}+$/u.test(key) && key.isWellFormed();
    if (!isKey) {
      throw new TypeError(
        `Cannot do once what has the key ${shown(key)}, wanted a text of 1 to ` +
          `${keyCharactersMax} characters without control characters`,
      );
    }
    const { keysMax } = this.#limits;
    if (new Set([...this.#known.keys(), ...this.#calls.keys()]).size < keysMax) return;
    throw new TypeError(
      `Cannot do ${
        shown(key)
      } once: ${keysMax} keys are remembered of this event, wanted no more ` +
        `than that (onceKeysMax, an option of the host); put what belongs together under one key`,
    );
  }

  #checkInHand(key: string): void {
    if (!this.#isOver) return;
    throw new TypeError(
      `Cannot do ${
        shown(key)
      } once: its event is not in hand any more, wanted an answer before the ` +
        `handler is done; await what once gives`,
    );
  }
}

/** What of a value can be remembered. That it is done is remembered in any case. */
function outcomeOf(value: unknown, bytesMax: number): OnceOutcome {
  let text: string | undefined;
  try {
    text = stringify(value);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `what it gave cannot be written as JSON: ${cut(why)}` };
  }
  if (text === undefined) return {};
  const bytes = encode(text).byteLength;
  if (bytes <= bytesMax) return { value: parse(text) };
  return { problem: `it gave ${bytes} bytes of JSON, at most ${bytesMax} (onceValueBytesMax)` };
}

function valueOf(key: string, { value, problem }: OnceOutcome): unknown {
  if (problem === undefined) return value;
  throw new RangeError(
    `Cannot give back what ${
      shown(key)
    } gave, although it is done and not done again: ${problem}; ` +
      `let it give less, such as a receipt's number`,
  );
}

function shown(key: unknown): string {
  return typeof key === "string" ? `"${cut(key)}"` : `of type ${typeof key}`;
}

function cut(text: string): string {
  return text.slice(0, PROBLEM_CHARACTERS_MAX);
}
