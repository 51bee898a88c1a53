/** Takes some milliseconds for each hangup, as one that asks somebody else does. */
import { definePlugin } from "onhook";
import * as z from "zod";

export default definePlugin({
  config: z.object({ milliseconds: z.number() }),
  onLinkHangup: (_event, { config }) =>
    new Promise((resolve) => setTimeout(resolve, config.milliseconds)),
});
