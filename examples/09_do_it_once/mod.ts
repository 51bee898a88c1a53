// Two steps for each hangup, and the second one fails now and then. When the event comes again, the
// first step is not done again: the host remembers what it gave.
import { definePlugin } from "onhook";
import { charge, report } from "./billing.ts";

export default definePlugin({
  async onLinkHangup(event, ctx) {
    const receipt = await ctx.once("charge", () => {
      ctx.log.info("charged", { port: event.port.name });
      return charge(event);
    });
    await ctx.once("report", () => report(event, receipt));
    ctx.log.info("reported", { port: event.port.name, receipt, attempt: event.attempt });
  },
});
