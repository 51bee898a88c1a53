/**
 * Records what it gets, one short line for each event, in a file that all plugins of a run share;
 * then, as often as it is told, it fails, dies, hangs or takes its time.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

const share = z.number().min(0).max(1).default(0);
let file: Deno.FsFile | undefined;
const encoder = new TextEncoder();

export default definePlugin({
  config: z.object({
    file: z.string(),
    /** Shares of events that it does this with. */
    fails: share,
    dies: share,
    hangs: share,
    slow: share,
  }),
  onEvent(event, ctx) {
    const { config } = ctx;
    const lost = event.type === "gap" ? event.gap.lost : 0;
    const pid = event.type === "serviceStart" ? event.service.processId : 0;
    const words = [ctx.plugin, event.sequence, event.attempt, event.id, event.type, lost, pid];
    // Lines of several processes do not mix: each is one write to the end of the file.
    file ??= Deno.openSync(config.file, { append: true });
    file.writeSync(encoder.encode(`${words.join(" ")}\n`));
    const chance = Math.random();
    if (chance < config.fails) throw new RangeError("on purpose");
    if (chance < config.fails + config.dies) Deno.exit(1);
    if (chance < config.fails + config.dies + config.hangs) { while (true); }
    if (chance < config.fails + config.dies + config.hangs + config.slow) {
      return new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
});
