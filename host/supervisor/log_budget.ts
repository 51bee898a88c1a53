import type { Clock } from "../internal/clock.ts";

const REFILL_MS = 1000;

/** Lets so many lines of log through in a second and counts the others. */
export class LogBudget {
  readonly #clock: Clock;
  readonly #linesPerSecondMax: number;
  #startedMs: number;
  #taken = 0;
  #dropped = 0;

  /** @param linesPerSecondMax At least 1. */
  constructor(clock: Clock, linesPerSecondMax: number) {
    this.#clock = clock;
    this.#linesPerSecondMax = linesPerSecondMax;
    this.#startedMs = clock.monotonic();
  }

  /** True when a line may pass; asks for it and takes it. */
  take(): boolean {
    if (this.msToRefill() <= 0) {
      this.#startedMs = this.#clock.monotonic();
      this.#taken = 0;
    }
    if (this.#taken < this.#linesPerSecondMax) {
      this.#taken++;
      return true;
    }
    this.#dropped++;
    return false;
  }

  /** How many lines were dropped since the last time this was asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** True while lines are being dropped. */
  get isSpent(): boolean {
    return this.#taken >= this.#linesPerSecondMax && this.msToRefill() > 0;
  }

  /** Milliseconds until the next second begins; not positive when it has begun. */
  msToRefill(): number {
    return this.#startedMs + REFILL_MS - this.#clock.monotonic();
  }
}
