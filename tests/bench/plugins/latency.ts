/**
 * Notes how long after its callout each hangup reaches the handler, and writes that to a file when
 * the service stops. The library's clock and this one are the same machine's wall clock.
 */
import { definePlugin } from "onhook";
import * as z from "zod";
import { clockOffsetMs } from "./clock_offset_ms.ts";

let offsetMs = 0;
const arrivals: { readonly atMs: number; readonly time: string }[] = [];

export default definePlugin({
  config: z.object({ file: z.string() }),
  onStart() {
    offsetMs = clockOffsetMs();
  },
  onLinkHangup({ time }) {
    arrivals.push({ atMs: performance.now(), time });
  },
  onServiceStop(_event, { config }) {
    // The wall clock may have been slewed meanwhile; half of that is the best guess.
    const driftMs = clockOffsetMs() - offsetMs;
    const latenciesMs = arrivals.map(({ atMs, time }) => {
      const calloutMs = Date.parse(`${time.slice(0, 23)}Z`) + Number(time.slice(23, 26)) / 1000;
      return atMs + offsetMs + driftMs / 2 - calloutMs;
    });
    Deno.writeTextFileSync(config.file, `${JSON.stringify({ latenciesMs, driftMs })}\n`);
  },
});
