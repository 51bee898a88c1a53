import { invariant } from "../internal/invariant.ts";
import { structs } from "./_structs.ts";
import { nativeStatus } from "./native_status.ts";
import { type OnhookLibrary, openLibrary } from "./open_library.ts";
import { unwrap } from "./unwrap.ts";

const at = structs.processStatistics;
const UINT32_MAX = 0xffff_ffff;

/** What a process uses. */
export interface ProcessUsage {
  /** Bytes of its memory that are in the machine's, shared pages too. */
  readonly residentBytes: number;
  /**
   * Milliseconds on a processor since its start: all threads, user and system. Linux counts in
   * steps of 10 ms.
   */
  readonly cpuMs: number;
}

/**
 * Tells how much memory and processor time other processes use, for limits on them. One object
 * measures any number of processes.
 */
export class ProcessStatistics implements Disposable {
  readonly #library: OnhookLibrary;
  readonly #out = new DataView(new ArrayBuffer(at.size));
  readonly #outBytes = new Uint8Array(this.#out.buffer);
  #closed = false;

  private constructor(library: OnhookLibrary) {
    this.#library = library;
  }

  /**
   * Loads the native library. Needs `--allow-ffi` for its path and nothing else.
   *
   * @param libraryPath The library's file.
   * @throws {NativeError} When the library cannot be loaded.
   */
  static open(libraryPath: string): ProcessStatistics {
    return new ProcessStatistics(openLibrary(libraryPath));
  }

  /**
   * Measures a process. The number of a process that has ended may become another's, so this is
   * for children whose end is watched.
   *
   * @param processId 1 to 4294967295.
   * @returns `undefined` when the process has ended.
   * @throws {NativeError} When the system does not let this account look at it.
   * @throws {DefectError} When the number is none of a process, or this is closed.
   */
  read(processId: number): ProcessUsage | undefined {
    invariant(!this.#closed, "closed process statistics are used");
    invariant(
      Number.isInteger(processId) && processId >= 1 && processId <= UINT32_MAX,
      `the number of a process is ${processId}, an integer of 1 to ${UINT32_MAX} is wanted`,
    );
    const status = this.#library.symbols.onhook_process_statistics(processId, this.#outBytes);
    if (status === nativeStatus.ONHOOK_NO_PROCESS.code) return undefined;
    unwrap(this.#library, status, `measure process ${processId}`);
    return {
      residentBytes: Number(this.#out.getBigUint64(at.residentBytes, true)),
      cpuMs: Number(this.#out.getBigUint64(at.cpuUs, true)) / 1000,
    };
  }

  /** Unloads the library. Closing twice is allowed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#library.close();
  }

  /** {@linkcode ProcessStatistics.close} for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
