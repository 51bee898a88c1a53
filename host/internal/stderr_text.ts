import { TextQueue } from "./text_queue.ts";

/** What may wait for a reader of standard error. */
const BYTES_MAX = 1024 * 1024;

/**
 * Standard error of the host. Whoever reads it may stop to, and must not stop delivery with it: a
 * write in place would wait for ever in a pipe that is full.
 */
export const stderrText = new TextQueue(Deno.stderr, BYTES_MAX);
