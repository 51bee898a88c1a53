/** What the plugin takes from the machine, so that a test can put its own in place. */
export interface Machine {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** Settles after a time; rejects with the signal's reason when that aborts before. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
  /** A signal that aborts after a time. */
  timeLimit(limitMs: number): AbortSignal;
}

/** The machine that the plugin runs on. */
export const realMachine: Machine = {
  now: () => Date.now(),
  random: () => Math.random(),
  timeLimit: (limitMs) => AbortSignal.timeout(limitMs),
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, delayMs);
      signal.addEventListener("abort", stop, { once: true });
    });
  },
};
