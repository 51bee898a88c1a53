import { uint32 } from "../events/little_endian.ts";
import { invariant } from "../internal/invariant.ts";
import { structs } from "./_structs.ts";
import { type JournalStatistics, readJournalStatistics } from "./journal_statistics.ts";
import { nativeStatus } from "./native_status.ts";
import { type OnhookLibrary, openLibrary } from "./open_library.ts";
import { unwrap } from "./unwrap.ts";

const BATCH_BYTES_DEFAULT = 256 * 1024;
const BATCH_BYTES_MIN = 4096;
const BATCH_BYTES_MAX = 64 * 1024 * 1024;
const BATCH_ENTRIES_DEFAULT = 1024;
const UINT32_MAX = 0xffff_ffff;

/** How a journal is opened. */
export interface JournalReaderOptions {
  /** The native library's file. */
  readonly libraryPath: string;
  /**
   * Size of a journal that has to be made: a power of two from 64 KiB to 1 GiB, default 64 MiB. A
   * journal that is there keeps its size.
   */
  readonly capacityBytes?: number;
  /** Most bytes of one batch, 4096 to 64 MiB, default 256 KiB. */
  readonly batchBytesMax?: number;
  /** Most entries of one batch, at least 1, default 1024. */
  readonly batchEntriesMax?: number;
}

/** What one call of {@linkcode JournalReader.drain} took out of the journal. */
export interface DrainedBatch {
  /** How many entries there are. */
  readonly entries: number;
  /** The entries, for `walkEntries`: a view of the reader's buffer, valid until the next drain. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For {@linkcode JournalReader.commit}: the place behind the last entry. */
  readonly position: bigint;
  /** For {@linkcode JournalReader.commit}: the losses that gap entries so far tell of. */
  readonly lostTotal: bigint;
  /** Whether more waits right now, so that draining again is worth it. */
  readonly more: boolean;
}

/**
 * How a wait learns that something has been written: by an event of the system, or by looking every
 * few milliseconds, because this process or the remote access service cannot use that event.
 */
export type WakeState = "event" | "hostCannot" | "serviceCannot";

/** The library's numbers, `ONHOOK_WAKE_…`. */
const WAKE_STATES: Readonly<Record<number, WakeState>> = {
  0: "event",
  16: "hostCannot",
  17: "serviceCannot",
};

/** How a wait ended. */
export type WaitOutcome = "data" | "timeout" | "interrupted";

/**
 * Reads the journal that the library writes inside of the remote access service. There is one
 * reader of a journal at a time. Waiting carries no data: after a wait, drain until nothing is
 * left; a wake-up that gets lost costs time, never an event.
 *
 * Draining goes on from where the last drain ended; {@linkcode JournalReader.commit} releases what
 * has been made safe elsewhere. After a restart, reading begins behind what was committed last.
 */
export class JournalReader implements AsyncDisposable {
  readonly #library: OnhookLibrary;
  readonly #handle: bigint;
  readonly #path: string;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  readonly #entriesMax: number;
  readonly #drained = new DataView(new ArrayBuffer(structs.drained.size));
  readonly #drainedBytes = new Uint8Array(this.#drained.buffer);
  #waiting: Promise<WaitOutcome> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(
    library: OnhookLibrary,
    handle: bigint,
    path: string,
    bytesMax: number,
    entriesMax: number,
  ) {
    this.#library = library;
    this.#handle = handle;
    this.#path = path;
    this.#buffer = new Uint8Array(bytesMax);
    this.#entriesMax = entriesMax;
  }

  /**
   * Opens a journal for reading, and makes it when it is not there. Needs `--allow-ffi` for the
   * library's path and nothing else.
   *
   * @param path The journal's file.
   * @throws {NativeError} When the library or the journal cannot be opened, or another process
   * reads the journal; the error then names that process.
   */
  static open(path: string, options: JournalReaderOptions): JournalReader {
    const bytesMax = options.batchBytesMax ?? BATCH_BYTES_DEFAULT;
    const entriesMax = options.batchEntriesMax ?? BATCH_ENTRIES_DEFAULT;
    invariant(
      Number.isInteger(bytesMax) && bytesMax >= BATCH_BYTES_MIN && bytesMax <= BATCH_BYTES_MAX,
      `batchBytesMax is ${bytesMax}, ${BATCH_BYTES_MIN} to ${BATCH_BYTES_MAX} is wanted`,
    );
    invariant(
      Number.isInteger(entriesMax) && entriesMax >= 1 && entriesMax <= UINT32_MAX,
      `batchEntriesMax is ${entriesMax}, an integer of 1 or more is wanted`,
    );
    const library = openLibrary(options.libraryPath);
    try {
      const out = new BigUint64Array(1);
      const status = library.symbols.onhook_reader_open(
        new TextEncoder().encode(`${path}\0`),
        BigInt(options.capacityBytes ?? 0),
        new Uint8Array(out.buffer),
      );
      unwrap(library, status, `open the journal ${path}`);
      const handle = out[0]!;
      invariant(handle !== 0n, "the library opened a journal and gave no reader");
      return new JournalReader(library, handle, path, bytesMax, entriesMax);
    } catch (error) {
      library.close();
      throw error;
    }
  }

  /**
   * Waits until something may have been written. Runs on another thread, so the event loop goes
   * on; it is kept alive until the wait ends.
   *
   * @param timeoutMs 0 to 4294967295, which has no limit; 0 only looks.
   * @returns `"data"` may come without any; drain then gives an empty batch.
   * @throws {NativeError} When the library cannot wait.
   * @throws {DefectError} When another wait goes on, or the reader is closed.
   */
  wait(timeoutMs: number): Promise<WaitOutcome> {
    this.#wantOpen();
    invariant(this.#waiting === undefined, "two waits of one journal reader overlap");
    invariant(
      Number.isInteger(timeoutMs) && timeoutMs >= 0 && timeoutMs <= UINT32_MAX,
      `the time limit of a wait is ${timeoutMs} ms, an integer of 0 to ${UINT32_MAX} is wanted`,
    );
    this.#waiting = this.#wait(timeoutMs).finally(() => this.#waiting = undefined);
    return this.#waiting;
  }

  async #wait(timeoutMs: number): Promise<WaitOutcome> {
    const status = await this.#library.symbols.onhook_reader_wait(this.#handle, timeoutMs);
    unwrap(this.#library, status, `wait for the journal ${this.#path}`, "other");
    if (status === nativeStatus.ONHOOK_TIMEOUT.code) return "timeout";
    return status === nativeStatus.ONHOOK_INTERRUPTED.code ? "interrupted" : "data";
  }

  /**
   * How a wait is woken; the service may change it whenever it starts. On Linux always by event.
   *
   * @throws {DefectError} When the reader is closed.
   */
  wakeState(): WakeState {
    this.#wantOpen();
    const number = this.#library.symbols.onhook_reader_wake_state(this.#handle);
    const state = WAKE_STATES[number];
    invariant(state !== undefined, `the library gives the state of waking as ${number}`);
    return state;
  }

  /** Ends the wait that goes on, or else the next one. Does nothing once the reader is closed. */
  interrupt(): void {
    if (this.#closed !== undefined) return;
    this.#interrupt();
  }

  #interrupt(): void {
    const status = this.#library.symbols.onhook_reader_interrupt(this.#handle);
    unwrap(this.#library, status, `interrupt the wait for the journal ${this.#path}`);
  }

  /**
   * Takes the next entries out, without waiting: no more than the options' limits.
   *
   * @throws {NativeError} When the journal cannot be read.
   * @throws {DefectError} When a wait goes on, or the reader is closed.
   */
  drain(): DrainedBatch {
    this.#wantOpen();
    invariant(this.#waiting === undefined, "a journal is drained while a wait for it goes on");
    const status = this.#library.symbols.onhook_reader_drain(
      this.#handle,
      this.#buffer,
      this.#buffer.length,
      this.#entriesMax,
      this.#drainedBytes,
    );
    unwrap(this.#library, status, `read the journal ${this.#path}`);
    const bytes = uint32(this.#drained, structs.drained.bytes);
    invariant(bytes <= this.#buffer.length, "the library drained more than the buffer holds");
    return {
      entries: uint32(this.#drained, structs.drained.entries),
      bytes: this.#buffer.subarray(0, bytes),
      position: this.#drained.getBigUint64(structs.drained.position, true),
      lostTotal: this.#drained.getBigUint64(structs.drained.lostTotal, true),
      more: uint32(this.#drained, structs.drained.more) !== 0,
    };
  }

  /**
   * Releases everything before a place, for good: call it when the events are safe elsewhere.
   *
   * @param position `position` of the last batch that is safe.
   * @param lostTotal `lostTotal` of the same batch.
   * @throws {NativeError} When the place is none that was drained.
   * @throws {DefectError} When the reader is closed.
   */
  commit(position: bigint, lostTotal: bigint): void {
    this.#wantOpen();
    const status = this.#library.symbols.onhook_reader_commit(this.#handle, position, lostTotal);
    unwrap(this.#library, status, `release entries of the journal ${this.#path}`);
  }

  /**
   * Tells what the journal's header says: fill, losses, and what the callouts cost.
   *
   * @throws {NativeError} When the library cannot tell.
   * @throws {DefectError} When the reader is closed.
   */
  statistics(): JournalStatistics {
    this.#wantOpen();
    const out = new Uint8Array(structs.statistics.size);
    const status = this.#library.symbols.onhook_reader_statistics(this.#handle, out);
    unwrap(this.#library, status, `read the statistics of the journal ${this.#path}`);
    return readJournalStatistics(new DataView(out.buffer));
  }

  /**
   * Ends the wait that goes on, gives the journal free for another reader and unloads the library.
   * Closing twice is allowed.
   *
   * @throws {NativeError} When the library cannot close the journal.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      if (this.#waiting !== undefined) {
        this.#interrupt();
        // Its outcome belongs to whoever waits; closing under it would take its memory away.
        await this.#waiting.catch(() => {});
      }
      const status = this.#library.symbols.onhook_reader_close(this.#handle);
      unwrap(this.#library, status, `close the journal ${this.#path}`);
    } finally {
      this.#library.close();
    }
  }

  /** {@linkcode JournalReader.close} for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #wantOpen(): void {
    invariant(this.#closed === undefined, "a closed journal reader is used");
  }
}
