import type { OnhookEvent, PluginContext } from "onhook";
import { backoffWaitMs } from "./backoff_wait_ms.ts";
import type { WebhookConfig } from "./config.ts";
import type { Machine } from "./machine.ts";
import { type Outcome, postOnce } from "./post_once.ts";

/** What delivering takes beside the event. */
export interface DeliverOptions {
  /** The bearer token, if there is one. */
  token: string | undefined;
  /** Time and chance. */
  machine: Machine;
}

function headersFor(event: OnhookEvent, token: string | undefined): Headers {
  const headers = new Headers({
    "content-type": "application/json",
    "idempotency-key": event.id,
    "user-agent": "onhook-webhook",
  });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  return headers;
}

/** The wait before the next attempt, or why there is none. */
function waitOrReason(
  outcome: Outcome & { kind: "tryAgain" },
  attempts: number,
  config: WebhookConfig,
  random: number,
): number | string {
  const { attemptsMax, backoffMs, waitMaxMs } = config;
  if (attempts >= attemptsMax) return `${outcome.why}, in attempt ${attempts} of ${attemptsMax}`;
  const asked = outcome.retryAfterMs ?? 0;
  if (asked > waitMaxMs) {
    return `${outcome.why} and wants to be left alone for ${asked} ms, ` +
      `more than the ${waitMaxMs} ms of "waitMaxMs"`;
  }
  return Math.max(asked, backoffWaitMs({ attempts, backoffMs, waitMaxMs, random }));
}

/**
 * Posts one event, again and again within the bounds of the configuration. Settled means that the
 * server has taken it: its status was 200 … 299.
 *
 * @throws {Error} When it was not taken: where to, why, after how many attempts.
 */
export async function deliverEvent(
  event: OnhookEvent,
  ctx: PluginContext<WebhookConfig>,
  { token, machine }: DeliverOptions,
): Promise<void> {
  const { config, signal, log } = ctx;
  const url = new URL(config.url);
  const headers = headersFor(event, token);
  const body = JSON.stringify(event);
  const cannot = (why: string) => new Error(`Cannot post event ${event.id} to ${url.host}: ${why}`);
  const ended = (attempts: number) =>
    cannot(`the time limit of the event ("timeoutMs") is reached in attempt ${attempts}`);

  for (let attempts = 1;; attempts++) {
    const limit = machine.timeLimit(config.attemptTimeoutMs);
    const outcome = await postOnce({
      url,
      headers,
      body,
      signal: AbortSignal.any([signal, limit]),
      nowMs: machine.now(),
    });
    if (outcome.kind === "delivered") {
      if (attempts > 1) log.info("posted at last", { status: outcome.status, attempts });
      return;
    }
    if (signal.aborted) throw ended(attempts);
    if (outcome.kind === "giveUp") throw cannot(outcome.why);
    const why = limit.aborted ? `no answer within ${config.attemptTimeoutMs} ms` : outcome.why;
    const wait = waitOrReason({ ...outcome, why }, attempts, config, machine.random());
    if (typeof wait === "string") throw cannot(wait);
    log.warn("trying again", { why, attempts, waitMs: wait });
    await machine.sleep(wait, signal).catch(() => {
      throw ended(attempts);
    });
  }
}
