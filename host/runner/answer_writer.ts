import { frameLayout } from "../protocol/frame_layout.ts";
import { FRAME_LIMITS } from "../protocol/limits.ts";

// Taken before a plugin is loaded, so that one which replaces globals harms only itself.
const stdout = Deno.stdout;
const writeSync = stdout.writeSync.bind(stdout);
const stringify = JSON.stringify;
const encoder = new TextEncoder();
const encodeInto = encoder.encodeInto.bind(encoder);

/** What the parts of the runner tell the host with. */
export type Answers = Pick<AnswerWriter, "write" | "tryWriteMessage">;

/** Writes frames to the host. Each one leaves in a single write and waits for room in the pipe. */
export class AnswerWriter {
  readonly #out: (bytes: Uint8Array) => number;
  readonly #frame: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  /**
   * @param marker What every frame starts with, as the host gave it.
   * @param out Writes some of the bytes, waits for room, and says how many; default stdout.
   * @param bytesMax Bytes of the longest frame, marker and header included.
   */
  constructor(
    marker: Uint8Array,
    out: (bytes: Uint8Array) => number = writeSync,
    bytesMax: number = FRAME_LIMITS.answerBytesMax,
  ) {
    this.#frame = new Uint8Array(bytesMax);
    this.#view = new DataView(this.#frame.buffer);
    this.#frame.set(marker);
    this.#out = out;
  }

  /**
   * @param kind One of `FROM_PLUGIN`.
   * @param fill Writes the payload and returns its length in bytes.
   */
  write(kind: number, fill?: (payload: Uint8Array) => number): void {
    const payloadBytes = fill === undefined
      ? 0
      : fill(this.#frame.subarray(frameLayout.answerHeadBytes));
    this.#view.setUint32(8, payloadBytes + 1, true);
    this.#view.setUint8(12, kind);
    let offset = 0;
    const end = frameLayout.answerHeadBytes + payloadBytes;
    while (offset < end) offset += this.#out(this.#frame.subarray(offset, end));
  }

  /**
   * @param kind One of `FROM_PLUGIN`.
   * @param message Sent as JSON.
   * @returns False when it does not fit into a frame; then nothing has been sent.
   */
  tryWriteMessage(kind: number, message: unknown): boolean {
    const text = stringify(message);
    const room = this.#frame.byteLength - frameLayout.answerHeadBytes;
    if (text.length > room) return false;
    const { read, written } = encodeInto(text, this.#frame.subarray(frameLayout.answerHeadBytes));
    if (read < text.length) return false;
    this.write(kind, () => written);
    return true;
  }
}
