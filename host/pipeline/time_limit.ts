import type { Clock, Timer } from "../internal/clock.ts";

/** Holds the time limit of one event at a time; a single timer serves many events. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onOver: () => void;
  #timer: Timer | undefined;
  #isCounting = false;
  #progressMs = 0;

  /** @param onOver Called when there was no progress for `limitMs` milliseconds. */
  constructor(clock: Clock, limitMs: number, onOver: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onOver = onOver;
  }

  /** Begins to count, unless it does already. */
  start(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    this.progress();
    this.#timer ??= this.#clock.startTimer(this.#limitMs, () => this.#check());
  }

  /** Says that an event is settled: the next one has the whole limit. */
  progress(): void {
    this.#progressMs = this.#clock.monotonic();
  }

  /** What is left to the event in hand in milliseconds, 0 when there is none. */
  get leftMs(): number {
    if (!this.#isCounting) return 0;
    return Math.max(0, this.#progressMs + this.#limitMs - this.#clock.monotonic());
  }

  /** Counts no more until the next `start`, which finds the timer still there. */
  pause(): void {
    this.#isCounting = false;
  }

  /** Counts no more, and leaves no timer behind. */
  end(): void {
    this.#isCounting = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    if (!this.#isCounting) return;
    const leftMs = this.#progressMs + this.#limitMs - this.#clock.monotonic();
    if (leftMs > 0) {
      this.#timer = this.#clock.startTimer(leftMs, () => this.#check());
      return;
    }
    this.#isCounting = false;
    this.#onOver();
  }
}
