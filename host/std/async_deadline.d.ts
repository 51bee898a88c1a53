// Types of what `async_deadline.ts` re-exports, as in `jsr:@std/async@^1`.

/** Options of {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Rejects early when it is aborted. */
  signal?: AbortSignal;
}

/**
 * Gives what the promise gives, or is rejected with a `TimeoutError` after `ms` milliseconds. What
 * the promise stands for goes on.
 */
export function deadline<T>(p: Promise<T>, ms: number, options?: DeadlineOptions): Promise<T>;
