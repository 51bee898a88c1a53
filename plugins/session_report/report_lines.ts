import type { FinishedHour } from "./hour_book.ts";
import { hourText } from "./hour.ts";
import { Totals } from "./totals.ts";

/** One line for the log. */
export interface ReportLine {
  /** What the line is. */
  message: string;
  /** Sums as decimal strings, because they can be larger than a JSON number counts exactly. */
  fields: Record<string, unknown>;
}

function fieldsOf(totals: Totals): Record<string, unknown> {
  const { countersMayHaveWrapped, withoutCounters } = totals;
  return {
    hangups: totals.hangups,
    connectSeconds: String(totals.connectSeconds),
    bytesTransmitted: String(totals.bytesTransmitted),
    bytesReceived: String(totals.bytesReceived),
    framesTransmitted: String(totals.framesTransmitted),
    framesReceived: String(totals.framesReceived),
    errors: String(totals.errors),
    // Remarks on single hangups: left out when there is nothing to remark.
    ...(countersMayHaveWrapped > 0 && { countersMayHaveWrapped }),
    ...(withoutCounters > 0 && { withoutCounters }),
  };
}

function line(what: string, totals: Totals, fields: Record<string, unknown>): ReportLine {
  const isLeast = totals.countersMayHaveWrapped > 0;
  const message = isLeast ? `${what} (bytes and frames at least)` : what;
  return { message, fields: { ...fields, ...fieldsOf(totals) } };
}

function byBytes(a: [string, Totals], b: [string, Totals]): number {
  if (a[1].bytes !== b[1].bytes) return a[1].bytes > b[1].bytes ? -1 : 1;
  return a[0] < b[0] ? -1 : 1;
}

/**
 * The report of one hour: a line with its totals, then one for each port.
 *
 * @param finished The hour.
 * @param portsListedMax How many ports get a line of their own, those with the most bytes first.
 */
export function reportLines(finished: FinishedHour, portsListedMax: number): ReportLine[] {
  const { totals: { ports, others, eventsLost }, notes } = finished;
  const hour = hourText(finished.hour);
  const ordered = [...ports].sort(byBytes);
  const listed = ordered.slice(0, portsListedMax);

  const rest = new Totals();
  rest.addTotals(others);
  for (const [, totals] of ordered.slice(portsListedMax)) rest.addTotals(totals);
  const sum = new Totals();
  sum.addTotals(rest);
  for (const [, totals] of listed) sum.addTotals(totals);

  return [
    line("totals of the hour", sum, {
      hour,
      ports: ports.size,
      complete: notes.length === 0,
      ...(notes.length > 0 && { notes: notes.join("; ") }),
      ...(eventsLost > 0n && { eventsLost: String(eventsLost) }),
    }),
    ...listed.map(([port, totals]) => line("totals of a port", totals, { hour, port })),
    ...(rest.hangups > 0 ? [line("totals of all other ports", rest, { hour })] : []),
  ];
}
