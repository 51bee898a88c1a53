import type { Clock } from "../internal/clock.ts";

/** The share of its time that the host gives to what one plugin writes. */
const SHARE = 0.2;
/** Milliseconds that may be used at once. */
const BURST_MS = 100;
/** Shortest wait when it is used up: what comes meanwhile is then read at once, for the cost of one. */
const WAIT_MIN_MS = 10;
/** What the system's part of one read costs, in milliseconds. */
const READ_MS = 0.1;
/** Stray bytes that may come at once, in seconds of their rate. */
const STRAY_BURST_SECONDS = 4;

/**
 * Bounds what the host spends on reading what one plugin writes, whatever it is.
 *
 * Stray bytes have a limit of their own, since each write to a pipe wakes its reader, even one that
 * looks away: who writes byte by byte is stopped only by a pipe that stays full.
 */
export class ReadBudget {
  readonly #clock: Clock;
  readonly #strayBytesPerSecondMax: number;
  #leftMs = BURST_MS;
  #leftBytes: number;
  #atMs: number;

  /** @param strayBytesPerSecondMax Bytes that are no message of the protocol; at least 1. */
  constructor(clock: Clock, strayBytesPerSecondMax: number) {
    this.#clock = clock;
    this.#strayBytesPerSecondMax = strayBytesPerSecondMax;
    this.#leftBytes = STRAY_BURST_SECONDS * strayBytesPerSecondMax;
    this.#atMs = clock.monotonic();
  }

  /**
   * Does the work of one read.
   *
   * @param work Gives the number of stray bytes in it.
   * @returns Milliseconds to wait before the next one.
   */
  charge(work: () => number): number {
    const startedMs = this.#clock.monotonic();
    const strayBytes = work();
    const nowMs = this.#clock.monotonic();
    const passedMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#leftMs = Math.min(this.#leftMs + passedMs * SHARE, BURST_MS) - (nowMs - startedMs) -
      READ_MS;
    const bytesPerMs = this.#strayBytesPerSecondMax / 1000;
    const burstBytes = STRAY_BURST_SECONDS * this.#strayBytesPerSecondMax;
    this.#leftBytes = Math.min(this.#leftBytes + passedMs * bytesPerMs, burstBytes) - strayBytes;
    return Math.max(
      this.#leftMs < 0 ? Math.max(-this.#leftMs / SHARE, WAIT_MIN_MS) : 0,
      this.#leftBytes < 0 ? -this.#leftBytes / bytesPerMs : 0,
    );
  }
}
