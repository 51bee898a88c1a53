/** What decides about the wait before the next attempt. */
export interface BackoffOptions {
  /** Attempts made so far, at least 1. */
  attempts: number;
  /** The wait after the first attempt, before jitter. */
  backoffMs: number;
  /** The longest wait. */
  waitMaxMs: number;
  /** A number from 0 up to, but not, 1. */
  random: number;
}

/**
 * The wait before the next attempt: doubled each time up to a limit, and half of it left to chance,
 * so that many events that failed together do not come again together.
 *
 * @returns Milliseconds, whole.
 */
export function backoffWaitMs(options: BackoffOptions): number {
  const { attempts, backoffMs, waitMaxMs, random } = options;
  const full = Math.min(waitMaxMs, backoffMs * 2 ** (attempts - 1));
  return Math.round(full / 2 + random * full / 2);
}
