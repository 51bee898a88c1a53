/** Writes a long line of log for each event. */
import { definePlugin } from "onhook";

const WORDS = "words that nobody reads ".repeat(100);

export default definePlugin({
  onEvent(event, ctx) {
    ctx.log.info(`${event.sequence} ${WORDS}`);
  },
});
