/**
 * Keeps what comes after a start of the service waiting for as long as a file is there; does
 * nothing with each hangup.
 */
import { definePlugin } from "onhook";
import * as z from "zod";

const LOOK_EVERY_MS = 1;

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

export default definePlugin({
  config: z.object({ closedFile: z.string() }),
  async onServiceStart(_event, { config }) {
    while (isThere(config.closedFile)) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  },
  onLinkHangup() {},
});
