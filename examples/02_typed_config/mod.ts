// A plugin with a configuration. The schema checks the registry's "config" before the first event,
// fills in defaults, and gives `ctx.config` its type. Try a typo in registry.json: the host says
// which key is wrong, and the plugin is not started with a guess.
import { definePlugin } from "onhook";
import * as z from "zod";

const config = z.strictObject({
  /** Sessions at least this long are called long. */
  longFromSeconds: z.int().min(1).max(31_536_000).default(3600),
  /** Ports whose name begins with this are watched; all when it is empty. */
  portPrefix: z.string().max(16).default(""),
});

export default definePlugin({
  config,
  onLinkHangup({ port }, ctx) {
    const { longFromSeconds, portPrefix } = ctx.config;
    // A field is absent when RAS gave no such structure with the hangup.
    const { name = "", connectDurationSeconds: seconds = 0 } = port;
    const watched = name.startsWith(portPrefix);
    const kind = !watched ? "other" : seconds >= longFromSeconds ? "long" : "short";
    ctx.log.info(`${kind} session`, { port: name, seconds });
  },
});
