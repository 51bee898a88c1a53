/** Writes each event and who got it as a line to a file that all recorders of a test share. */
import { definePlugin } from "onhook";
import * as z from "zod";
import { appendLine } from "./append_line.ts";

export default definePlugin({
  config: z.object({
    file: z.string(),
    /** How long each event takes, in milliseconds. */
    delayMs: z.number().optional(),
  }),
  async onEvent(event, ctx) {
    const { file, delayMs } = ctx.config;
    if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    appendLine(file, JSON.stringify({ plugin: ctx.plugin, event }));
  },
});
