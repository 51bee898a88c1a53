// A plugin made to be tested: mod_test.ts calls it without a host, without RAS and without Windows.
import { definePlugin } from "onhook";
import { traffic } from "./traffic.ts";

export default definePlugin({
  onLinkHangup({ port }, ctx) {
    ctx.log.info("traffic", { port: port.name, traffic: traffic(port) });
  },
});
