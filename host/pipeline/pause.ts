import type { Clock, Timer } from "../internal/clock.ts";

/** Why nothing is handed to a plugin for a while. */
export type PauseReason = "retrying" | "held";

/** A time in which nothing is handed to a plugin. */
export class Pause {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #timer: Timer | undefined;
  #why: PauseReason | undefined;

  /** @param onEnd Called when a pause is over by itself. */
  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Why it goes on, `undefined` when it does not. */
  get why(): PauseReason | undefined {
    return this.#why;
  }

  /** Begins one, in place of one that goes on. */
  begin(why: PauseReason, forMs: number): void {
    this.end();
    this.#why = why;
    this.#timer = this.#clock.startTimer(forMs, () => {
      this.#why = undefined;
      this.#onEnd();
    });
  }

  /** Ends it early; without one nothing happens. */
  end(): void {
    this.#timer?.cancel();
    this.#why = undefined;
  }
}
