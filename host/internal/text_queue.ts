import type { Clock } from "./clock.ts";

/** What a queue writes to. */
export interface TextSink {
  /** @returns How many of the bytes have been taken; rejected when nobody takes any more. */
  write(bytes: Uint8Array): Promise<number>;
}

const encoder = new TextEncoder();

/**
 * Lines on their way to somebody who may not read them. Adding a line never waits: what does not
 * fit is dropped and counted, and told as soon as there is room again.
 */
export class TextQueue {
  readonly #sink: TextSink;
  readonly #bytesMax: number;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;
  #isBroken = false;
  #writing: Promise<void> | undefined;
  /** Called with the number of lines that were dropped; may add one that says so. */
  onDropped: (lines: number) => void = () => {};

  /** @param bytesMax Bytes that may wait. */
  constructor(sink: TextSink, bytesMax: number) {
    this.#sink = sink;
    this.#bytesMax = bytesMax;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a line, or drops it. */
  add(line: string): void {
    if (this.#isBroken) return;
    const bytes = encoder.encode(line);
    if (this.#bytes + bytes.byteLength > this.#bytesMax) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(bytes);
    this.#bytes += bytes.byteLength;
    this.#writing ??= this.#write();
  }

  /** Waits until all is written, at most for `limitMs` milliseconds. */
  async drained(limitMs: number, clock: Clock): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = clock.startTimer(limitMs, resolve);
    await Promise.race([this.#writing, late]);
    timer.cancel();
  }

  async #write(): Promise<void> {
    // The turn that adds several lines has them written in one piece.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        await this.#writeAll(this.#takeAll());
        this.#tellDropped();
      }
    } catch {
      // Nobody is there who could be told.
      this.#isBroken = true;
      this.#takeAll();
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      const taken = await this.#sink.write(bytes.subarray(offset));
      offset += taken;
      this.#bytes -= taken;
    }
  }

  /** What waits, in one piece; it counts until it is written. */
  #takeAll(): Uint8Array {
    const pieces = this.#waiting;
    this.#waiting = [];
    if (pieces.length === 1) return pieces[0]!;
    const whole = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let offset = 0;
    for (const piece of pieces) {
      whole.set(piece, offset);
      offset += piece.byteLength;
    }
    return whole;
  }

  #tellDropped(): void {
    const dropped = this.#dropped;
    if (dropped === 0) return;
    this.#dropped = 0;
    this.onDropped(dropped);
  }
}
