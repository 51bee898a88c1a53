/** Writes down when it begins and ends each event, to a file that all witnesses of a test share. */
import { definePlugin } from "onhook";
import * as z from "zod";
import { appendLine } from "./append_line.ts";

export default definePlugin({
  config: z.object({
    file: z.string(),
    /** How long each event takes, in milliseconds. */
    delayMs: z.number().default(0),
    /** The event that it fails on as long as the file `mended` is not there. */
    failAt: z.number().optional(),
    mended: z.string().default("./mended"),
    /** The event that it never ends. */
    hangAt: z.number().optional(),
  }),
  async onEvent({ sequence, attempt }, ctx) {
    const { file, delayMs, failAt, mended, hangAt } = ctx.config;
    const write = (what: string) => {
      const line = { plugin: ctx.plugin, what, sequence, attempt, pid: Deno.pid };
      appendLine(file, JSON.stringify(line));
    };
    write("begin");
    if (sequence === hangAt) { while (true); }
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (sequence === failAt) Deno.statSync(mended);
    write("end");
  },
});
