/**
 * Charges for each event once, writes to a file what it does, and waits to be killed on the first
 * attempt at the event that its configuration names.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

export default definePlugin({
  config: z.object({ file: z.string(), waitAt: z.number() }),
  async onEvent({ sequence, attempt }, ctx) {
    const write = (what: string, receipt?: string) => {
      const line = JSON.stringify({ what, sequence, attempt, receipt });
      Deno.writeTextFileSync(ctx.config.file, `${line}\n`, { append: true });
    };
    const receipt = await ctx.once("charge", () => {
      const made = crypto.randomUUID();
      write("charged", made);
      return made;
    });
    write("told", receipt);
    if (sequence !== ctx.config.waitAt || attempt > 1) return;
    ctx.log.info("waits to be killed");
    await new Promise(() => setInterval(() => {}, 1000));
  },
});
