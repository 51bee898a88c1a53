import { definePlugin, type OnhookEvent, type Plugin, type PluginContext } from "onhook";
import { type WebhookConfig, webhookConfig } from "./config.ts";
import { deliverEvent } from "./deliver_event.ts";
import type { Machine } from "./machine.ts";
import { readToken } from "./read_token.ts";
import { worstCaseMs } from "./worst_case_ms.ts";

/** A new `webhook` that takes time and chance from a machine. */
export function webhook(machine: Machine): Plugin<WebhookConfig> {
  let token: string | undefined;
  const deliver = (event: OnhookEvent, ctx: PluginContext<WebhookConfig>): Promise<void> =>
    deliverEvent(event, ctx, { token, machine });
  return definePlugin({
    config: webhookConfig,
    onStart(ctx) {
      const { url, tokenEnv } = ctx.config;
      token = tokenEnv === undefined ? undefined : readToken(tokenEnv);
      ctx.log.info("posting events", {
        host: new URL(url).host,
        token: token !== undefined,
        longestMs: worstCaseMs(ctx.config),
      });
    },
    onEvent: deliver,
  });
}
