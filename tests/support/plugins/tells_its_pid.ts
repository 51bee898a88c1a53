/** Writes its process id into a file when it starts, and then does what its configuration says. */
import { definePlugin } from "onhook";
import * as z from "zod";

const config = z.object({ file: z.string(), does: z.enum(["nothing", "loops", "eats"]) });

export default definePlugin({
  config,
  onStart(ctx) {
    Deno.writeTextFileSync(ctx.config.file, `${Deno.pid}\n`, { append: true });
  },
  onLinkHangup(_event, ctx) {
    const hoard: Uint8Array[] = [];
    while (ctx.config.does === "loops");
    while (ctx.config.does === "eats") hoard.push(new Uint8Array(8 * 1024 * 1024).fill(1));
  },
});
