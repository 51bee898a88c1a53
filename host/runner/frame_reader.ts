import { uint32 } from "../events/little_endian.ts";
import { FRAME_LIMITS } from "../protocol/limits.ts";
import { frameLayout } from "../protocol/frame_layout.ts";

/** A frame from the host. */
export interface HostFrame {
  /** One of `TO_PLUGIN`. */
  readonly kind: number;
  /** Its own copy: it stays valid. */
  readonly payload: Uint8Array;
}

/** What a pipe holds; the buffer grows when a frame is longer. */
const CHUNK_BYTES = 64 * 1024;

/** The part of stdin that frames are read with. */
export interface FrameInput {
  read(into: Uint8Array): Promise<number | null>;
}

/** Reads frames from stdin until the host closes it. */
export class FrameReader {
  readonly #input: FrameInput;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #begin = 0;
  #end = 0;

  /** @param input Default stdin. */
  constructor(input: FrameInput = Deno.stdin) {
    this.#input = input;
  }

  /**
   * @returns The next frame, or `undefined` when the host has closed its side; a frame that was
   * begun then is lost.
   * @throws {RangeError} When a frame is longer than the protocol allows.
   */
  async next(): Promise<HostFrame | undefined> {
    while (true) {
      const frame = this.#take();
      if (frame !== undefined) return frame;
      this.#makeRoom();
      const read = await this.#input.read(this.#buffer.subarray(this.#end));
      if (read === null) return undefined;
      this.#end += read;
    }
  }

  #take(): HostFrame | undefined {
    const begin = this.#begin;
    const bytes = this.#end - begin;
    if (bytes < frameLayout.headBytes) return undefined;
    const view = new DataView(this.#buffer.buffer, begin, frameLayout.headBytes);
    const length = uint32(view, 0);
    if (length < 1 || length > FRAME_LIMITS.frameBytesMax) {
      throw new RangeError(
        `Cannot read from the host: a frame of ${length} bytes, 1 to ${FRAME_LIMITS.frameBytesMax} allowed`,
      );
    }
    if (bytes < 4 + length) return undefined;
    this.#begin += 4 + length;
    const payload = this.#buffer.slice(begin + frameLayout.headBytes, this.#begin);
    return { kind: view.getUint8(4), payload };
  }

  #makeRoom(): void {
    if (this.#begin > 0) {
      this.#buffer.copyWithin(0, this.#begin, this.#end);
      this.#end -= this.#begin;
      this.#begin = 0;
    }
    if (this.#end < this.#buffer.byteLength) return;
    const bytes = Math.min(this.#buffer.byteLength * 2, FRAME_LIMITS.frameBytesMax + 4);
    const larger = new Uint8Array(bytes);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}
