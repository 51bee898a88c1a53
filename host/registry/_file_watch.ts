import type { Clock, Timer } from "../internal/clock.ts";

/** Waits until a file is not what it was, by the system's word and by looking at it. */
export class FileWatch implements Disposable {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #lookEveryMs: number;
  readonly #changed = Promise.withResolvers<void>();
  readonly #over = () => this.#changed.resolve();
  readonly #signal: AbortSignal;
  readonly #stamp: string;
  #watcher: Deno.FsWatcher | undefined;
  #timer: Timer | undefined;

  private constructor(
    path: string,
    clock: Clock,
    lookEveryMs: number,
    signal: AbortSignal,
    stamp: string,
  ) {
    this.#path = path;
    this.#clock = clock;
    this.#lookEveryMs = lookEveryMs;
    this.#signal = signal;
    this.#stamp = stamp;
  }

  /** From now on no change is missed. */
  static async begin(
    path: string,
    clock: Clock,
    lookEveryMs: number,
    signal: AbortSignal,
  ): Promise<FileWatch> {
    const watch = new FileWatch(path, clock, lookEveryMs, signal, await stampOf(path));
    watch.#begin();
    return watch;
  }

  /** Settles after a change, and when it is not waited for any more. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#signal.removeEventListener("abort", this.#over);
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#over();
  }

  #begin(): void {
    this.#signal.addEventListener("abort", this.#over);
    if (this.#signal.aborted) this.#over();
    try {
      this.#watcher = Deno.watchFs(this.#path, { recursive: false });
      this.#listen(this.#watcher);
    } catch {
      // There is no such file, or the system watches no more of them: then it is looked at.
    }
    this.#lookLater();
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      // Our own reading is told as well.
      for await (const { kind } of watcher) if (kind !== "access") return this.#over();
    } catch {
      // The same as above.
    }
  }

  #lookLater(): void {
    this.#timer = this.#clock.startTimer(this.#lookEveryMs, () => this.#look());
  }

  async #look(): Promise<void> {
    const stamp = await stampOf(this.#path);
    if (stamp !== this.#stamp) this.#over();
    else if (this.#timer !== undefined) this.#lookLater();
  }
}

/** What is another text when the file has been changed or replaced; links are followed. */
async function stampOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtime, ctime } = await Deno.stat(path);
    return [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join(" ");
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
