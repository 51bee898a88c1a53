import type { Clock } from "./clock.ts";
import type { TextSink } from "./text_queue.ts";

/** How much of a log is kept. */
export interface LogFileLimits {
  /** Bytes of one file; what does not fit begins the next one. */
  readonly logFileBytesMax: number;
  /** Files of it, the one that is written included. */
  readonly logFilesMax: number;
}

const NEWLINE = "\n".charCodeAt(0);
const encoder = new TextEncoder();

/**
 * A log in files that are bounded, in size and in number: `<path>` is written, `<path>.1` is the one
 * before it, and so on. Nothing that goes wrong with them stops whoever logs: what cannot be written
 * is dropped, and a line says how much and why as soon as there is room again.
 */
export class LogFile implements TextSink, Disposable {
  readonly #path: string;
  readonly #limits: LogFileLimits;
  readonly #clock: Clock;
  #file: Deno.FsFile | undefined;
  #bytes = 0;
  #droppedLines = 0;
  #why = "";

  /** @param path The file that is written; its folder has to be there. */
  constructor(path: string, limits: LogFileLimits, clock: Clock) {
    this.#path = path;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes whole lines; never rejected. @returns All of them. */
  async write(lines: Uint8Array): Promise<number> {
    try {
      const told = this.#droppedLines;
      const text = told === 0 ? lines : joined(this.#words(), lines);
      this.#makeRoom(text.byteLength);
      await this.#append(text);
      this.#droppedLines -= told;
    } catch (error) {
      this.#droppedLines += lines.reduce((sum, byte) => byte === NEWLINE ? sum + 1 : sum, 0);
      this.#why = error instanceof Error ? error.message : String(error);
      this.#close();
    }
    return lines.byteLength;
  }

  [Symbol.dispose](): void {
    this.#close();
  }

  /** @throws When the files cannot be moved on, and this one is twice as long as it may be. */
  #makeRoom(bytes: number): void {
    const { logFileBytesMax } = this.#limits;
    this.#open();
    if (this.#bytes === 0 || this.#bytes + bytes <= logFileBytesMax) return;
    this.#close();
    try {
      this.#moveOn();
    } catch (error) {
      this.#open();
      if (this.#bytes + bytes > 2 * logFileBytesMax) throw error;
    }
    this.#open();
  }

  #moveOn(): void {
    const name = (place: number) => place === 0 ? this.#path : `${this.#path}.${place}`;
    const last = this.#limits.logFilesMax - 1;
    if (last === 0) return Deno.truncateSync(this.#path);
    for (let place = last; place > 0; place--) {
      try {
        Deno.renameSync(name(place - 1), name(place));
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  #open(): void {
    if (this.#file !== undefined) return;
    this.#file = Deno.openSync(this.#path, { append: true, create: true, mode: 0o600 });
    this.#bytes = this.#file.statSync().size;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.byteLength;) {
      const written = await this.#file!.write(bytes.subarray(offset));
      offset += written;
      this.#bytes += written;
    }
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** As the lines of the log are. */
  #words(): Uint8Array {
    return encoder.encode(`${
      JSON.stringify({
        "@timestamp": new Date(this.#clock.now()).toISOString(),
        level: "WARN",
        message: `${this.#droppedLines} lines of log were dropped: ${this.#why}`,
        logger: "onhook",
      })
    }\n`);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.byteLength + second.byteLength);
  all.set(first);
  all.set(second, first.byteLength);
  return all;
}
