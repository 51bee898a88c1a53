import type { Clock } from "../internal/clock.ts";

/** The share of its time that the host gives to what one plugin writes. */
const SHARE = 0.2;
/** Milliseconds that may be used at once. */
const BURST_MS = 100;
/** Shortest wait when it is used up: what comes meanwhile is then read at once, for the cost of one. */
const WAIT_MIN_MS = 10;
/** What the system's part of one read costs, in milliseconds. */
const READ_MS = 0.1;

/** Bounds the time that the host spends on reading what one plugin writes, whatever it is. */
export class ReadBudget {
  readonly #clock: Clock;
  #leftMs = BURST_MS;
  #atMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.monotonic();
  }

  /** Does the work of one read. @returns Milliseconds to wait before the next one. */
  charge(work: () => void): number {
    const startedMs = this.#clock.monotonic();
    work();
    const nowMs = this.#clock.monotonic();
    const earnedMs = (nowMs - this.#atMs) * SHARE;
    this.#atMs = nowMs;
    this.#leftMs = Math.min(this.#leftMs + earnedMs, BURST_MS) - (nowMs - startedMs) - READ_MS;
    return this.#leftMs < 0 ? Math.max(-this.#leftMs / SHARE, WAIT_MIN_MS) : 0;
  }
}
