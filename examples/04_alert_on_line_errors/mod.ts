// Looks at the six error counters of a port. Absent is not zero: when RAS gave no counters, that is
// said instead of taken for a clean line.
import { definePlugin } from "onhook";
import * as z from "zod";

export default definePlugin({
  config: z.strictObject({
    /** Errors in one connection from which on a line is reported as bad. */
    errorsFrom: z.int().min(1).max(1_000_000).default(10),
  }),
  onLinkHangup({ port }, ctx) {
    const { name, errors, hardwareCondition } = port;
    if (errors === undefined) {
      ctx.log.info("no line counters", { port: name });
      return;
    }
    const found = Object.entries(errors).filter(([, count]) => count > 0);
    const total = found.reduce((sum, [, count]) => sum + count, 0);
    const fields = { port: name, total, ...Object.fromEntries(found) };
    if (hardwareCondition === "failure") ctx.log.error("device failed", fields);
    else if (total >= ctx.config.errorsFrom) ctx.log.warn("bad line", fields);
    else ctx.log.info("line in order", fields);
  },
});
