/**
 * Charges for each event once, writes to a file what it does, and waits to be killed on the first
 * attempt at the event that its configuration names.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

const isThere = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export default definePlugin({
  config: z.object({
    file: z.string(),
    waitAt: z.number(),
    /** The event before which it waits for the file `go`. */
    goAt: z.number().default(0),
    /** How long each event takes once it is charged, in milliseconds. */
    delayMs: z.number().default(0),
  }),
  async onEvent({ sequence, attempt }, ctx) {
    const write = (what: string, receipt?: string) => {
      const line = JSON.stringify({ what, sequence, attempt, receipt, pid: Deno.pid });
      Deno.writeTextFileSync(ctx.config.file, `${line}\n`, { append: true });
    };
    if (sequence === ctx.config.goAt) {
      ctx.log.info("waits for the word to go on");
      while (!await isThere("./go")) await wait(10);
    }
    const receipt = await ctx.once("charge", () => {
      const made = crypto.randomUUID();
      write("charged", made);
      return made;
    });
    if (ctx.config.delayMs > 0) await wait(ctx.config.delayMs);
    write("told", receipt);
    if (sequence !== ctx.config.waitAt || attempt > 1) return;
    ctx.log.info("waits to be killed");
    await new Promise(() => setInterval(() => {}, 1000));
  },
});
