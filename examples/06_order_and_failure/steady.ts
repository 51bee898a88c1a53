// Second in the order: it gets each event after the plugin before it has settled it, well or not.
import { definePlugin } from "onhook";

export default definePlugin({
  onLinkHangup({ port }, ctx) {
    ctx.log.info("second", { port: port.name });
  },
});
