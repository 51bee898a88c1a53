/** Goes over one limit, named in its configuration, and listens to nobody. */
import { definePlugin, type PluginContext } from "onhook";
import * as z from "zod";

type Way = (ctx: PluginContext) => unknown;

const MIB = 1024 * 1024;

const atStart: Record<string, Way> = {
  startTimeoutMs() {
    while (true);
  },
  deathsPerWindowMax: () => Deno.exit(9),
  cpuPercent: () => new Worker("data:text/javascript,while(true);", { type: "module" }),
};

const onEvent: Record<string, Way> = {
  timeoutMs(ctx) {
    ctx.signal.addEventListener("abort", (event) => event.stopImmediatePropagation());
    while (true);
  },
  memoryMb() {
    const hoard: unknown[] = [];
    while (true) hoard.push(new Array(10_000).fill({ a: 1 }));
  },
  async residentMb() {
    const hoard: Uint8Array[] = [];
    while (true) {
      hoard.push(new Uint8Array(8 * MIB).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
  fileMb() {
    while (true) Deno.writeFileSync("./bad", new Uint8Array(MIB), { append: true });
  },
  logLinesPerSecondMax(ctx) {
    for (let i = 0; i < 1000; i++) ctx.log.info(`line ${i}`);
  },
  onceValueBytesMax: (ctx) => ctx.once("much", () => "x".repeat(MIB)),
  async onceKeysMax(ctx) {
    for (let i = 0; i < 1000; i++) await ctx.once(`key ${i}`, () => i);
  },
};

export default definePlugin({
  config: z.object({ limit: z.string() }),
  onStart: async (ctx) => void await atStart[ctx.config.limit]?.(ctx),
  onEvent: async (_, ctx) => void await onEvent[ctx.config.limit]?.(ctx),
});
