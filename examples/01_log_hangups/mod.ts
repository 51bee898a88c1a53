// The smallest plugin: one line in the host's log for each link that goes down.
import { definePlugin } from "onhook";

export default definePlugin({
  onLinkHangup({ port }, ctx) {
    ctx.log.info("link down", { port: port.name, seconds: port.connectDurationSeconds });
  },
});
