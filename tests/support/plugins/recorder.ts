/** Writes each event and who got it as a line to a file that all recorders of a test share. */
import { definePlugin } from "onhook";
import * as z from "zod";
import { appendLine } from "./append_line.ts";

export default definePlugin({
  config: z.object({
    file: z.string(),
    /** How long each event takes, in milliseconds. */
    delayMs: z.number().optional(),
    /** Whether it works for so long instead of waiting. */
    works: z.boolean().optional(),
  }),
  async onEvent(event, ctx) {
    const { file, delayMs, works } = ctx.config;
    const untilMs = performance.now() + (delayMs ?? 0);
    if (works) { while (performance.now() < untilMs); }
    else if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
    appendLine(file, JSON.stringify({ plugin: ctx.plugin, event }));
  },
});
