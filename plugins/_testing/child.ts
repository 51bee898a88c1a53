/**
 * The main module of the process that `runPlugin` starts. It stands in for the host's
 * runner: a dynamic import, so that even the plugin's own code needs permission to be read, then
 * one event after the other. Answers are JSON lines on stdout.
 *
 * @module
 */
import type { OnhookEvent, Plugin, PluginContext } from "onhook";

interface Order {
  readonly module: string;
  readonly config: unknown;
  readonly events: readonly OnhookEvent[];
}

function say(answer: Record<string, unknown>): void {
  const bytes = new TextEncoder().encode(JSON.stringify(answer) + "\n");
  for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

async function handle(plugin: Plugin, event: OnhookEvent, ctx: PluginContext): Promise<void> {
  const own = {
    linkHangup: plugin.onLinkHangup,
    linkUp: plugin.onLinkUp,
    connectionUp: plugin.onConnectionUp,
    connectionHangup: plugin.onConnectionHangup,
    reauthentication: plugin.onReauthentication,
    serviceStart: plugin.onServiceStart,
    serviceStop: plugin.onServiceStop,
    gap: plugin.onGap,
    sessionEnd: plugin.onSessionEnd,
  }[event.type];
  const handler = (own ?? plugin.onEvent) as Plugin["onEvent"];
  await handler?.(event, ctx);
}

async function main(): Promise<void> {
  const order: Order = await new Response(Deno.stdin.readable).json();
  const plugin: Plugin = (await import(order.module)).default;
  const config = plugin.config ? plugin.config.parse(order.config) : order.config;
  const to = (level: string) => (message: string, fields = {}) => {
    say({ kind: "log", level, message, fields });
  };
  const ctx: PluginContext = {
    plugin: "under-test",
    config,
    log: { debug: to("debug"), info: to("info"), warn: to("warn"), error: to("error") },
    signal: new AbortController().signal,
    once: async (_key, action) => await action(),
  };
  await plugin.onStart?.(ctx);
  for (const event of order.events) {
    try {
      await handle(plugin, event, ctx);
      say({ kind: "settled", id: event.id });
    } catch (error) {
      say({ kind: "failed", id: event.id, error: textOf(error) });
    }
  }
  await plugin.onStop?.(ctx);
}

try {
  await main();
} catch (error) {
  say({ kind: "refused", error: textOf(error) });
}
