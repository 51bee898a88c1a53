/** Writes which of its handlers was called, for all of them, as lines to a file. */
import { definePlugin, type OnhookEvent, type PluginContext } from "onhook";
import * as z from "zod";
import { appendLine } from "./append_line.ts";

const config = z.object({ file: z.string() });

function told(handler: string) {
  return (event: OnhookEvent, ctx: PluginContext<z.infer<typeof config>>): void => {
    const { type, sequence } = event;
    appendLine(ctx.config.file, JSON.stringify({ plugin: handler, event: { type, sequence } }));
  };
}

export default definePlugin({
  config,
  onServiceStart: told("onServiceStart"),
  onConnectionUp: told("onConnectionUp"),
  onLinkUp: told("onLinkUp"),
  onReauthentication: told("onReauthentication"),
  onLinkHangup: told("onLinkHangup"),
  onConnectionHangup: told("onConnectionHangup"),
  onServiceStop: told("onServiceStop"),
});
