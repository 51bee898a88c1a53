// Work that may take too long. `ctx.signal` aborts at nine tenths of the time limit; whoever passes
// it on can still tidy up. At the limit itself the process is killed, and there is nothing to catch.
import { definePlugin } from "onhook";

/** Stands for a slow lookup: every tenth one would take a minute. */
function lookUp(nth: number, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("found"), nth % 10 === 0 ? 60_000 : 1);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    reject(signal.reason);
  }, { once: true });
  return promise;
}

let nth = 0;

export default definePlugin({
  async onLinkHangup({ port }, ctx) {
    const answer = await lookUp(++nth, ctx.signal).catch(() => "gave up in time");
    // Settling here is what tells the host that this event is done.
    ctx.log.info(answer, { port: port.name });
  },
});
