import { ProcessStatistics, type ProcessUsage } from "./ffi/process_statistics.ts";
import { NativeError } from "./internal/errors.ts";
import type { HostLog } from "./internal/host_log.ts";

/** Tells how much memory and processor time plugin processes use, as long as the system lets it. */
export class ProcessReader implements Disposable {
  readonly #statistics: ProcessStatistics;
  readonly #log: HostLog;
  #isRefused = false;
  #isClosed = false;

  /** @throws {NativeError} When the library cannot be loaded. */
  constructor(libraryPath: string, log: HostLog) {
    this.#statistics = ProcessStatistics.open(libraryPath);
    this.#log = log;
  }

  /** @returns `undefined` when the process is gone or cannot be looked at. */
  read(pid: number): ProcessUsage | undefined {
    if (this.#isRefused || this.#isClosed) return undefined;
    try {
      return this.#statistics.read(pid);
    } catch (error) {
      if (!(error instanceof NativeError)) throw error;
      this.#isRefused = true;
      this.#log.warn(
        `${error.message}; the memory of plugins outside of their heaps and their processor time ` +
          "are not limited",
      );
      return undefined;
    }
  }

  /** Reads nothing any more. Closing twice is allowed. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#statistics.close();
  }
}
