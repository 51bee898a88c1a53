import { uint32 } from "../events/little_endian.ts";
import { DURATION_BINS, durationBin } from "./duration_bins.ts";

/**
 * What a plugin's process says of the events that it is done with: all up to `sequence`, together
 * with how long their handlers took.
 *
 * | offset | type | meaning |
 * | ---: | --- | --- |
 * | 0 | u32 u32 | sequence, low half first |
 * | 8 | u32 | number of events settled by this message |
 * | 12 | u32 | their longest handler in microseconds |
 * | 16 | 5 bytes each | u8 bin, u32 count: only the bins that are not empty |
 */
export interface Settled {
  /** Every event up to this one is settled. */
  readonly sequence: number;
  /** How many events this message settles. */
  readonly count: number;
  /** The longest handler among them in microseconds. */
  readonly longestUs: number;
  /** Bin and count, alternating; see `duration_bins.ts`. */
  readonly bins: readonly number[];
}

const HEAD_BYTES = 16;
const BIN_BYTES = 5;

/** Collects what has been settled and writes the message when it is time. */
export class SettledCollector {
  readonly #bins = new Uint32Array(DURATION_BINS);
  #count = 0;
  #longestMs = 0;

  /** Events that are settled and not yet told. */
  get count(): number {
    return this.#count;
  }

  /** @param durationMs How long the handler took. */
  add(durationMs: number): void {
    this.#count++;
    this.#bins[durationBin(durationMs)]! += 1;
    if (durationMs > this.#longestMs) this.#longestMs = durationMs;
  }

  /**
   * Writes the message and starts anew.
   *
   * @param sequence The last settled event.
   * @param into At least 656 bytes.
   * @returns How many bytes were written.
   */
  take(sequence: number, into: Uint8Array): number {
    const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
    view.setUint32(0, sequence >>> 0, true);
    view.setUint32(4, Math.floor(sequence / 2 ** 32), true);
    view.setUint32(8, this.#count, true);
    view.setUint32(12, Math.min(Math.round(this.#longestMs * 1000), 0xffffffff), true);
    let offset = HEAD_BYTES;
    for (let bin = 0; bin < DURATION_BINS; bin++) {
      const count = this.#bins[bin]!;
      if (count === 0) continue;
      view.setUint8(offset, bin);
      view.setUint32(offset + 1, count, true);
      offset += BIN_BYTES;
    }
    this.#bins.fill(0);
    this.#count = 0;
    this.#longestMs = 0;
    return offset;
  }
}

/**
 * @param payload The message as it came from a plugin's process; nothing of it is trusted.
 * @returns What it says, or `undefined` when it is not such a message.
 */
export function decodeSettled(payload: Uint8Array): Settled | undefined {
  const binBytes = payload.byteLength - HEAD_BYTES;
  if (binBytes < 0 || binBytes % BIN_BYTES !== 0 || binBytes > DURATION_BINS * BIN_BYTES) return;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const sequence = uint32(view, 0) + uint32(view, 4) * 2 ** 32;
  if (!Number.isSafeInteger(sequence)) return;
  const bins: number[] = [];
  for (let offset = HEAD_BYTES; offset < payload.byteLength; offset += BIN_BYTES) {
    const bin = view.getUint8(offset);
    if (bin >= DURATION_BINS) return;
    bins.push(bin, uint32(view, offset + 1));
  }
  return {
    sequence,
    count: uint32(view, 8),
    longestUs: uint32(view, 12),
    bins,
  };
}
