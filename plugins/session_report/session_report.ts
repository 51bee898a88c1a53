import {
  definePlugin,
  type GapEvent,
  type LinkHangupEvent,
  type Plugin,
  type PluginContext,
} from "onhook";
import { type SessionReportConfig, sessionReportConfig } from "./config.ts";
import { type FinishedHour, HourBook } from "./hour_book.ts";
import { reportLines } from "./report_lines.ts";

type Context = PluginContext<SessionReportConfig>;

function report(hours: FinishedHour[], ctx: Context): void {
  for (const finished of hours) {
    for (const { message, fields } of reportLines(finished, ctx.config.portsListedMax)) {
      ctx.log.info(message, fields);
    }
  }
}

/** A new `session-report` with totals of its own. */
export function sessionReport(): Plugin<SessionReportConfig> {
  let book: HourBook | undefined;
  const count = (event: LinkHangupEvent | GapEvent, ctx: Context): void => {
    book ??= new HourBook(ctx.config.portsMax);
    report(book.add(event), ctx);
  };
  return definePlugin({
    config: sessionReportConfig,
    onLinkHangup: count,
    onGap: count,
    onStop(ctx) {
      report(book?.drain() ?? [], ctx);
    },
  });
}
