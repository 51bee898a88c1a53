// First in the order, and it fails on every third event that it is given. The failure is reported
// with this plugin's id and the event's; after it the event goes on to the next plugin.
import { definePlugin } from "onhook";

let given = 0;

export default definePlugin({
  onLinkHangup({ port }, ctx) {
    if (++given % 3 === 0) {
      throw new Error(`Cannot accept ${JSON.stringify(port.name)}: it is the third one again`);
    }
    ctx.log.info("first", { port: port.name });
  },
});
