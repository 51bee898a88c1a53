import type { DrainedBatch, JournalReader } from "./ffi/journal_reader.ts";
import type { Clock, Timer } from "./internal/clock.ts";
import type { HostLog } from "./internal/host_log.ts";
import type { Store } from "./store/store.ts";

/** The journal is released early when this part of it (one over …) has been drained. */
const RELEASE_SHARE = 32;

/** What a release stands on. */
export interface JournalReleaseOptions {
  readonly journal: Pick<JournalReader, "commit" | "statistics">;
  readonly store: Pick<Store, "makeDurable">;
  readonly clock: Clock;
  readonly log: HostLog;
  /** How long events that are stored wait at most, in milliseconds. */
  readonly everyMs: number;
}

/**
 * Gives the journal's room back for what the store holds safely, a loss of power included: at most
 * every `everyMs`, sooner when the journal fills up, one release at a time.
 */
export class JournalRelease {
  readonly #options: JournalReleaseOptions;
  readonly #capacityBytes: number;
  /** How far the journal has been drained into the store. */
  #drained: Pick<DrainedBatch, "position" | "lostTotal"> | undefined;
  #drainedBytes = 0;
  #timer: Timer | undefined;
  #releasing: Promise<boolean> | undefined;
  #isStopping = false;

  constructor(options: JournalReleaseOptions) {
    this.#options = options;
    this.#capacityBytes = options.journal.statistics().capacityBytes;
  }

  /** A batch is in the store. */
  stored({ position, lostTotal, bytes }: DrainedBatch): void {
    this.#drained = { position, lostTotal };
    this.#drainedBytes += bytes.byteLength;
    this.#releaseSoon();
  }

  /** From now on nothing is released but by `finish`. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Releases what has been drained to the end. */
  async finish(): Promise<void> {
    await this.#releasing;
    await this.#release();
  }

  /** Lets go of the timer; nothing is released by itself any more. */
  cancel(): void {
    this.#timer?.cancel();
  }

  #releaseSoon(mayBeAtOnce = true): void {
    if (this.#releasing !== undefined || this.#isStopping) return;
    const { clock, everyMs } = this.#options;
    const isMuch = this.#drainedBytes * RELEASE_SHARE > this.#capacityBytes;
    if (isMuch && mayBeAtOnce) void this.#release();
    else this.#timer ??= clock.startTimer(everyMs, () => this.#release());
  }

  /** Releases what has been drained so far. */
  async #release(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const drained = this.#drained;
    if (drained === undefined || this.#drainedBytes === 0) return;
    this.#releasing = this.#releaseUpTo(drained.position, drained.lostTotal);
    const isReleased = await this.#releasing;
    this.#releasing = undefined;
    if (this.#drainedBytes > 0) this.#releaseSoon(isReleased);
  }

  async #releaseUpTo(position: bigint, lostTotal: bigint): Promise<boolean> {
    const { store, journal, log } = this.#options;
    const bytes = this.#drainedBytes;
    this.#drainedBytes = 0;
    try {
      await store.makeDurable();
      journal.commit(position, lostTotal);
      return true;
    } catch (error) {
      this.#drainedBytes += bytes;
      // What is not released is drained again after a restart and known as a duplicate then.
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`Cannot release the journal: ${reason}; it is tried again`);
      return false;
    }
  }
}
