import type { Random } from "../internal/random.ts";

/** When a plugin that died is started again. */
export interface RestartLimits {
  /** Wait before the first restart, in milliseconds. */
  readonly backoffFirstMs: number;
  /** Longest wait, in milliseconds. */
  readonly backoffLongestMs: number;
  /** More deaths than this within the window and the plugin is parked. */
  readonly deathsPerWindowMax: number;
  /** Length of the window in milliseconds. */
  readonly windowMs: number;
}

/** Decides what happens after a plugin's process has died. */
export class RestartPolicy {
  readonly #limits: RestartLimits;
  readonly #random: Random;
  #deaths: number[] = [];

  constructor(limits: RestartLimits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  /** How many deaths lie within the window. */
  get deaths(): number {
    return this.#deaths.length;
  }

  /**
   * Records a death.
   *
   * @param nowMs Monotonic time.
   * @returns Milliseconds to wait before the next start, or `undefined` when the plugin is to be
   * parked.
   */
  died(nowMs: number): number | undefined {
    this.#deaths = this.#deaths.filter((at) => at > nowMs - this.#limits.windowMs);
    this.#deaths.push(nowMs);
    if (this.#deaths.length > this.#limits.deathsPerWindowMax) return undefined;
    const wait = this.#limits.backoffFirstMs * 2 ** (this.#deaths.length - 1);
    const bounded = Math.min(wait, this.#limits.backoffLongestMs);
    // Half of the wait is drawn, so that plugins that died together do not start together.
    return bounded / 2 + this.#random.next() * bounded / 2;
  }

  /** Forgets all deaths, as after parking. */
  reset(): void {
    this.#deaths = [];
  }
}
