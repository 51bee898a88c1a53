import { DURATION_BINS, durationQuantileMs } from "../protocol/duration_bins.ts";
import type { Settled } from "../protocol/settled.ts";

/** What one plugin has done since the host started. */
export interface LaneReport {
  readonly plugin: string;
  readonly state: string;
  /** Events that it settled without a failure. */
  readonly done: number;
  /** Events that it failed on, timed out on or died of. */
  readonly failed: number;
  /** Events that wait for it. */
  readonly waiting: number;
  /** Times that its process died. */
  readonly deaths: number;
  /** Median time of a handler in milliseconds, at most 19 % too high. */
  readonly medianMs: number;
  /** Longest time of a handler in milliseconds. */
  readonly longestMs: number;
}

/** Counts what one plugin does. */
export class LaneStatistics {
  readonly #bins = new Float64Array(DURATION_BINS);
  #longestUs = 0;
  done = 0;
  failed = 0;
  deaths = 0;

  /** @param count How many events the message settles, as the host counts them. */
  addSettled(message: Settled, count: number): void {
    this.done += count;
    this.#longestUs = Math.max(this.#longestUs, message.longestUs);
    for (let i = 0; i < message.bins.length; i += 2) {
      this.#bins[message.bins[i]!]! += message.bins[i + 1]!;
    }
  }

  report(plugin: string, state: string, waiting: number): LaneReport {
    return {
      plugin,
      state,
      done: this.done,
      failed: this.failed,
      waiting,
      deaths: this.deaths,
      medianMs: durationQuantileMs(this.#bins, 0.5),
      longestMs: this.#longestUs / 1000,
    };
  }
}
