import { TO_PLUGIN } from "../protocol/frame_kinds.ts";
import type { KeepMessage, KnownMessage, OnceLimits, OnceOutcome } from "../protocol/messages.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import type { KeptOnce } from "../store/store.ts";
import type { LaneOptions } from "./lane_options.ts";

/** The part of the store that remembers. */
export interface OnceReader {
  keptWithin(plugin: string, from: number, to: number): KeptOnce[];
}

const encoder = new TextEncoder();

/** What one plugin has done once, on its way into the store and back to the plugin. */
export class OnceBook {
  readonly #plugin: string;
  readonly #reader: OnceReader;
  readonly #limits: OnceLimits;
  /** Told and not yet stored. */
  #pending: KeptOnce[] = [];
  /** How many keys each event in hand has, from earlier attempts too. */
  readonly #keys = new Map<number, number>();

  constructor({ entry, store, limits }: Pick<LaneOptions, "entry" | "store" | "limits">) {
    this.#plugin = entry.id;
    this.#reader = store;
    this.#limits = { keysMax: limits.onceKeysMax, valueBytesMax: limits.onceValueBytesMax };
  }

  /** What has to be stored. */
  get pending(): readonly KeptOnce[] {
    return this.#pending;
  }

  /**
   * Takes what a plugin says that it has done once in an event that is in its hand.
   *
   * @param settled Events up to this one are not in hand any more.
   * @param last The last event in hand.
   * @param redriven A dead letter that is in hand instead.
   * @returns What is wrong with it, if anything is.
   */
  keep(
    { sequence, key, outcome }: KeepMessage,
    settled: number,
    last: number,
    redriven?: number,
  ): string | undefined {
    if (sequence !== redriven && (sequence <= settled || sequence > last)) {
      return `something done once in event ${sequence}, expected one of ${settled + 1} to ${last}`;
    }
    const { valueBytesMax, keysMax } = this.#limits;
    const text = JSON.stringify(outcome);
    const bytes = encoder.encode(JSON.stringify(outcome.value) ?? "").byteLength;
    if (bytes > valueBytesMax) {
      return `a value of ${bytes} bytes to remember, at most ${valueBytesMax} (onceValueBytesMax)`;
    }
    const keys = (this.#keys.get(sequence) ?? 0) + 1;
    for (const other of this.#keys.keys()) if (other <= settled) this.#keys.delete(other);
    this.#keys.set(sequence, keys);
    if (keys > keysMax) {
      return `more than ${keysMax} keys to remember of one event (onceKeysMax)`;
    }
    this.#pending.push({ plugin: this.#plugin, sequence, key, outcome: text });
    return undefined;
  }

  /** What was pending is stored. @returns Frames that tell the plugin so. */
  stored(): Uint8Array<ArrayBuffer>[] {
    const frames = this.#pending.map(({ sequence, key }) =>
      encodeControlFrame(TO_PLUGIN.kept, { sequence, key })
    );
    this.#pending = [];
    return frames;
  }

  /**
   * What the plugin has to know before it is handed events once more.
   *
   * @returns The first of the events in which something was done once, with a frame that tells it;
   * so a frame of events must not go beyond that one. `undefined` when there is none.
   */
  known(
    from: number,
    to: number,
  ): { sequence: number; frame: Uint8Array<ArrayBuffer> } | undefined {
    const rows = this.#reader.keptWithin(this.#plugin, from, to);
    const waiting = this.#pending.filter(({ sequence }) => from <= sequence && sequence <= to);
    const sequence = Math.min(...[...rows, ...waiting].map((row) => row.sequence));
    if (!Number.isFinite(sequence)) return undefined;
    const outcomes = new Map<string, OnceOutcome>();
    for (const row of [...waiting, ...rows]) {
      if (row.sequence === sequence) outcomes.set(row.key, JSON.parse(row.outcome));
    }
    this.#keys.set(sequence, outcomes.size);
    const message: KnownMessage = { sequence, outcomes: [...outcomes] };
    return { sequence, frame: encodeControlFrame(TO_PLUGIN.known, message) };
  }
}
