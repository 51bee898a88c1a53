/** Smallest buffer that is made, in bytes; the others are four times as long, one after the other. */
const SMALLEST_BYTES = 4096;
const CLASSES = 6;
/** Free buffers of one length that are kept. */
const FREE_MAX = 8;

/**
 * Buffers for frames, used again after they were written. Every event is copied into a frame for
 * every plugin; without this that would be most of what the host leaves to be collected.
 */
export class FramePool {
  readonly #free: Uint8Array<ArrayBuffer>[][] = Array.from({ length: CLASSES }, () => []);

  /** @returns A buffer of exactly this many bytes; what stands in it is left over from before. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const index = classOf(bytes);
    if (index === undefined) return new Uint8Array(bytes);
    const buffer = this.#free[index]!.pop() ?? new Uint8Array(SMALLEST_BYTES * 4 ** index);
    return buffer.subarray(0, bytes);
  }

  /** @param frame A frame that was taken here and that nobody looks at any more. */
  give(frame: Uint8Array<ArrayBuffer>): void {
    const index = classOf(frame.buffer.byteLength);
    if (index === undefined || frame.buffer.byteLength !== SMALLEST_BYTES * 4 ** index) return;
    const free = this.#free[index]!;
    if (free.length < FREE_MAX) free.push(new Uint8Array(frame.buffer));
  }
}

/** The class of the shortest buffer that holds so many bytes. */
function classOf(bytes: number): number | undefined {
  for (let index = 0; index < CLASSES; index++) {
    if (bytes <= SMALLEST_BYTES * 4 ** index) return index;
  }
  return undefined;
}
