import { FRAME_LIMITS } from "../protocol/limits.ts";
import { FRAME_HEAD_BYTES } from "../protocol/plugin_frames.ts";

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

/**
 * Reads frames from stdin until the host closes it.
 *
 * @throws {RangeError} When a frame is longer than the protocol allows.
 */
export async function* readFrames(stdin: FrameInput = Deno.stdin): AsyncGenerator<HostFrame> {
  let buffer = new Uint8Array(CHUNK_BYTES);
  let begin = 0;
  let end = 0;
  while (true) {
    while (end - begin >= FRAME_HEAD_BYTES) {
      const view = new DataView(buffer.buffer, begin, FRAME_HEAD_BYTES);
      const length = view.getUint32(0, true);
      if (length < 1 || length > FRAME_LIMITS.frameBytesMax) {
        throw new RangeError(
          `Cannot read from the host: a frame of ${length} bytes, 1 to ${FRAME_LIMITS.frameBytesMax} allowed`,
        );
      }
      if (end - begin < 4 + length) break;
      const payload = buffer.slice(begin + FRAME_HEAD_BYTES, begin + 4 + length);
      const kind = view.getUint8(4);
      begin += 4 + length;
      yield { kind, payload };
    }
    if (begin > 0) {
      buffer.copyWithin(0, begin, end);
      end -= begin;
      begin = 0;
    }
    if (end === buffer.byteLength) {
      const larger = new Uint8Array(
        Math.min(buffer.byteLength * 2, FRAME_LIMITS.frameBytesMax + 4),
      );
      larger.set(buffer);
      buffer = larger;
    }
    const read = await stdin.read(buffer.subarray(end));
    if (read === null) return;
    end += read;
  }
}
