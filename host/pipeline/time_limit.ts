import type { Clock, Timer } from "../internal/clock.ts";

/** Holds the time limit of one event at a time; a single timer serves many events. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onOver: () => void;
  #timer: Timer | undefined;
  #progressMs = 0;

  /** @param onOver Called when there was no progress for `limitMs` milliseconds. */
  constructor(clock: Clock, limitMs: number, onOver: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onOver = onOver;
  }

  /** Begins to count, unless it does already. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.progress();
    this.#timer = this.#clock.startTimer(this.#limitMs, () => this.#check());
  }

  /** Says that an event is settled: the next one has the whole limit. */
  progress(): void {
    this.#progressMs = this.#clock.monotonic();
  }

  /** What is left to the event in hand in milliseconds, 0 when there is none. */
  get leftMs(): number {
    if (this.#timer === undefined) return 0;
    return Math.max(0, this.#progressMs + this.#limitMs - this.#clock.monotonic());
  }

  /** Counts no more. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    const leftMs = this.#progressMs + this.#limitMs - this.#clock.monotonic();
    this.#timer = leftMs > 0 ? this.#clock.startTimer(leftMs, () => this.#check()) : undefined;
    if (leftMs <= 0) this.#onOver();
  }
}
