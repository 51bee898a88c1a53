import { defaultFields, grantMask } from "../events/field_grants.ts";
import type { PluginKeeper } from "../supervisor/plugin_keeper.ts";
import type { LaneOptions } from "./lane_options.ts";
import { makeFrame } from "./make_frame.ts";
import type { OnceBook } from "./once_book.ts";

/** Frames for one plugin that wait until what they are about is stored. */
export class Outbox {
  readonly #options: Pick<LaneOptions, "entry" | "source" | "limits" | "framePool">;
  readonly #once: OnceBook;
  readonly #grants: number;
  #frames: Uint8Array<ArrayBuffer>[] = [];

  constructor(
    options: Pick<LaneOptions, "entry" | "source" | "limits" | "framePool">,
    once: OnceBook,
  ) {
    this.#options = options;
    this.#grants = grantMask(options.entry.fields ?? defaultFields);
    this.#once = once;
  }

  /** Whether there is nothing to send. */
  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Adds a frame that is no frame of events. */
  add(frame: Uint8Array<ArrayBuffer>): void {
    this.#frames.push(frame);
  }

  /**
   * Adds a frame of events, and before it what was done once in the last of them.
   *
   * @returns The last event in it.
   */
  addEvents(from: number, to: number, attempt: number): number {
    const { source, limits, framePool } = this.#options;
    const known = attempt > 1 ? this.#once.known(from, to) : undefined;
    const last = known?.sequence ?? to;
    const frame = makeFrame(source, from, last, attempt, limits, framePool, this.#grants);
    if (known?.sequence === frame.last) this.#frames.push(known.frame);
    this.#frames.push(frame.bytes);
    return frame.last;
  }

  /** Throws away what has not been sent. */
  clear(): void {
    this.#frames = [];
  }

  /** Sends everything, word of what was done once first. */
  send(to: Pick<PluginKeeper, "send">): void {
    for (const frame of this.#once.stored()) to.send(frame);
    const { framePool } = this.#options;
    for (const frame of this.#frames) to.send(frame, () => framePool.give(frame));
    this.#frames = [];
  }
}
