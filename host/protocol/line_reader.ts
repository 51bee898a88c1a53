/** Splits bytes into lines of bounded length, whatever the bytes are. */
export class LineReader {
  readonly #line: (text: string) => void;
  readonly #bytes: Uint8Array;
  readonly #decoder = new TextDecoder();
  #length = 0;

  /**
   * @param lineBytesMax A longer line is given in pieces of this length.
   * @param line Called with each line that is not empty, without its line end.
   */
  constructor(lineBytesMax: number, line: (text: string) => void) {
    this.#bytes = new Uint8Array(lineBytesMax);
    this.#line = line;
  }

  /** @param chunk Bytes as they came. */
  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.byteLength) {
      const newline = chunk.indexOf(0x0a, offset);
      const lineEnd = newline < 0 ? chunk.byteLength : newline;
      const end = Math.min(lineEnd, offset + this.#bytes.byteLength - this.#length);
      this.#bytes.set(chunk.subarray(offset, end), this.#length);
      this.#length += end - offset;
      offset = end;
      if (offset === newline) {
        this.end();
        offset++;
      } else if (this.#length === this.#bytes.byteLength) this.end();
    }
  }

  /** Gives what has come since the last line end. */
  end(): void {
    if (this.#length === 0) return;
    const text = this.#decoder.decode(this.#bytes.subarray(0, this.#length)).replace(/\r$/, "");
    this.#length = 0;
    if (text !== "") this.#line(text);
  }
}
