import { uint32 } from "../events/little_endian.ts";
import { frameLayout } from "./frame_layout.ts";
import { FRAME_LIMITS } from "./limits.ts";
import { LineReader } from "./line_reader.ts";

const ANSWER_HEAD_BYTES = frameLayout.answerHeadBytes;
const MARKER_BYTES = 8;
const MARKER_FIRST_BYTE = 0xff;

/** @param random Eight random bytes. @returns A marker for one process. */
export function makeMarker(random: Uint8Array): Uint8Array<ArrayBuffer> {
  const marker = new Uint8Array(random.subarray(0, MARKER_BYTES));
  marker[0] = MARKER_FIRST_BYTE;
  return marker;
}

/** What one chunk of stdout held. */
export interface AnswerSink {
  /** A whole frame. The payload is only valid during the call. */
  frame(kind: number, payload: Uint8Array): void;
  /** A line that is no frame, without its line end. */
  stray(line: string): void;
  /** The bytes break the protocol; no more are taken. */
  broken(what: string): void;
}

/** Takes the stdout of one plugin process apart, whatever it may hold. */
export class AnswerReader {
  readonly #marker: Uint8Array;
  readonly #sink: AnswerSink;
  readonly #stray: LineReader;
  #pending = new Uint8Array();
  #broken = false;
  #strayBytes = 0;
  readonly #bytesMax: number;

  /**
   * @param marker The marker given to this process.
   * @param bytesMax Bytes of the longest frame.
   */
  constructor(
    marker: Uint8Array,
    sink: AnswerSink,
    bytesMax: number = FRAME_LIMITS.answerBytesMax,
  ) {
    this.#marker = marker;
    this.#bytesMax = bytesMax;
    this.#sink = sink;
    this.#stray = new LineReader(FRAME_LIMITS.strayLineBytesMax, (line) => sink.stray(line));
  }

  /**
   * @param chunk Bytes as they came.
   * @returns How many bytes were found to be no part of a frame.
   */
  push(chunk: Uint8Array): number {
    if (this.#broken) return chunk.byteLength;
    this.#strayBytes = 0;
    const bytes = this.#pending.byteLength === 0 ? chunk : join(this.#pending, chunk);
    let offset = 0;
    while (offset < bytes.byteLength && !this.#broken) {
      const next = this.#take(bytes, offset);
      if (next === offset) break;
      offset = next;
    }
    this.#pending = bytes.slice(offset);
    return this.#strayBytes;
  }

  /** Says that no more bytes come: what is left over becomes a last line. */
  end(): void {
    this.#stray.push(this.#pending);
    this.#stray.end();
    this.#pending = new Uint8Array();
  }

  /** Takes one frame or one stretch of stray bytes; returns `offset` when more bytes are needed. */
  #take(bytes: Uint8Array, offset: number): number {
    const left = bytes.byteLength - offset;
    for (let i = 0; i < Math.min(left, MARKER_BYTES); i++) {
      if (bytes[offset + i] !== this.#marker[i]) return this.#takeStray(bytes, offset);
    }
    if (left < ANSWER_HEAD_BYTES) return offset;
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset, ANSWER_HEAD_BYTES);
    const length = uint32(view, MARKER_BYTES);
    // Kind and payload of the longest frame.
    const lengthMax = this.#bytesMax - ANSWER_HEAD_BYTES + 1;
    if (length < 1 || length > lengthMax) return this.#breakOff(length, lengthMax, bytes);
    const end = offset + ANSWER_HEAD_BYTES - 1 + length;
    if (end > bytes.byteLength) return offset;
    this.#stray.end();
    this.#sink.frame(view.getUint8(12), bytes.subarray(offset + ANSWER_HEAD_BYTES, end));
    return end;
  }

  #breakOff(length: number, lengthMax: number, { byteLength }: Uint8Array): number {
    this.#broken = true;
    this.#sink.broken(
      `a frame of ${length} bytes, 1 to ${lengthMax} allowed (messageBytesMax ${this.#bytesMax}); ` +
        "set messageBytesMax in its registry entry if it needs more",
    );
    return byteLength;
  }

  #takeStray(bytes: Uint8Array, offset: number): number {
    let next = bytes.indexOf(MARKER_FIRST_BYTE, offset + 1);
    if (next < 0) next = bytes.byteLength;
    this.#stray.push(bytes.subarray(offset, next));
    this.#strayBytes += next - offset;
    return next;
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.byteLength + b.byteLength);
  bytes.set(a);
  bytes.set(b, a.byteLength);
  return bytes;
}
