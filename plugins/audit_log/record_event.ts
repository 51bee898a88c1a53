import type { OnhookEvent, PluginContext } from "onhook";
import { appendLine } from "./append_line.ts";
import type { AuditLogConfig } from "./config.ts";
import { explainFailure } from "./explain_failure.ts";
import { jsonLine } from "./json_line.ts";
import { rotate } from "./rotate.ts";

/** While the file cannot be rotated it may grow to this multiple of `maxBytes`. */
const OVERRUN_FACTOR = 2;

async function sizeOf(file: string): Promise<number> {
  try {
    return (await Deno.stat(file)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** A line in a file that is too long is worth more than no line; but not without an end. */
async function rotateOrOverrun(
  size: number,
  lineBytes: number,
  ctx: PluginContext<AuditLogConfig>,
): Promise<void> {
  const { file, maxBytes, keepFiles } = ctx.config;
  try {
    await explainFailure("rotate the audit log", file, () => rotate(file, keepFiles));
  } catch (error) {
    const bytesMax = maxBytes * OVERRUN_FACTOR;
    if (size + lineBytes > bytesMax) throw error;
    ctx.log.warn((error as Error).message, { bytes: size, bytesMax });
    return;
  }
  ctx.log.info("audit log rotated", { file, bytes: size });
}

/**
 * Writes one event as one line; settled means that the line is on the disk.
 *
 * @throws {Error} When it is not: the file, the reason, what to do.
 */
export async function recordEvent(
  event: OnhookEvent,
  ctx: PluginContext<AuditLogConfig>,
): Promise<void> {
  const { file, maxBytes } = ctx.config;
  const line = new TextEncoder().encode(jsonLine(event));
  const size = await explainFailure("read the audit log", file, () => sizeOf(file));
  if (size > 0 && size + line.length > maxBytes) await rotateOrOverrun(size, line.length, ctx);
  const { mendedTornLine } = await explainFailure(
    "write the audit log",
    file,
    () => appendLine(file, line),
  );
  if (mendedTornLine) {
    ctx.log.warn("the last line was cut off, as by a crash; started a new one", { file });
  }
}
