/** Fails on one event as long as a file is not there; records the others. */
import { definePlugin } from "onhook";
import * as z from "zod";
import { appendLine } from "./append_line.ts";

export default definePlugin({
  config: z.object({ file: z.string(), at: z.number(), mended: z.string() }),
  onEvent(event, ctx) {
    const { file, at, mended } = ctx.config;
    if (event.sequence === at) {
      ctx.log.info("looking for the file", { mended });
      Deno.statSync(mended);
    }
    appendLine(file, JSON.stringify({ plugin: ctx.plugin, event }));
  },
});
