/** Answers every event at once, and computes as its configuration says. */
import { definePlugin } from "onhook";
import * as z from "zod";

function burn(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** A chain of microtasks for a while, a breath for the events, and so on for ever. */
async function burnInMicrotasks(): Promise<void> {
  const endMs = performance.now() + 20;
  while (performance.now() < endMs) await Promise.resolve();
  setTimeout(burnInMicrotasks, 0);
}

const ways: Record<string, () => void> = {
  nothing() {},
  inWorker: () => void new Worker("data:text/javascript,while(true);", { type: "module" }),
  inMicrotasks: () => void burnInMicrotasks(),
};

export default definePlugin({
  config: z.object({ way: z.string(), eventMs: z.number().default(0) }),
  onStart: (ctx) => ways[ctx.config.way]!(),
  onEvent: (_, ctx) => burn(ctx.config.eventMs),
});
