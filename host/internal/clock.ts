/** A started timer. */
export interface Timer {
  /** Stops it; stopping twice is allowed. */
  cancel(): void;
}

/**
 * The only way to time in the host, so that a simulation can put its own time in place of the
 * machine's.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970 UTC; may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Calls `fire` once after `delayMs` milliseconds, unless it is cancelled. */
  startTimer(delayMs: number, fire: () => void): Timer;
  /** Calls `work` once, at once or after what else has come by now; before any timer. */
  soon(work: () => void): void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  startTimer(delayMs, fire) {
    const handle = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  soon: (work) => queueMicrotask(work),
};
