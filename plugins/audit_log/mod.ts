/**
 * `audit-log`: one line of JSON for each hangup, gap, start and stop of the service, on the disk
 * before the event is settled. Rotates by size.
 *
 * Needs `read` and `write` for the folder of `config.file`.
 *
 * @module
 */
import { definePlugin } from "onhook";
import { auditLogConfig } from "./config.ts";
import { explainFailure } from "./explain_failure.ts";
import { openForAppend } from "./open_for_append.ts";
import { recordEvent } from "./record_event.ts";

export default definePlugin({
  config: auditLogConfig,
  async onStart(ctx) {
    const { file } = ctx.config;
    // A missing grant is worth knowing now, not with the first hangup.
    using _open = await explainFailure("open the audit log", file, () => openForAppend(file));
  },
  onLinkHangup: recordEvent,
  onServiceStart: recordEvent,
  onServiceStop: recordEvent,
  onGap: recordEvent,
});
