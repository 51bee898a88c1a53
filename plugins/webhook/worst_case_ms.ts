import type { WebhookConfig } from "./config.ts";

/**
 * The longest that one event can take: every attempt up to its limit, every wait the longest. The
 * registry's `timeoutMs` should be a good deal more: at nine tenths of it `ctx.signal` aborts.
 */
export function worstCaseMs(config: WebhookConfig): number {
  const { attemptsMax, attemptTimeoutMs, waitMaxMs } = config;
  return attemptsMax * attemptTimeoutMs + (attemptsMax - 1) * waitMaxMs;
}
