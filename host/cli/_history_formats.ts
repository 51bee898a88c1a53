import { csvLine } from "../history/csv_line.ts";
import { type HistoryQuery, type HistoryRecord, portOf, userOf } from "../history/read_history.ts";
import { tellLines } from "./_many_lines.ts";
import { countText } from "./_number_texts.ts";
import { outcomeWords, timeText } from "./_outcome_words.ts";
import { bold, dim, red, yellow } from "./_paint.ts";
import { safeText, shortText } from "./_safe_text.ts";
import type { CliIo } from "./cli_io.ts";

const CSV_HEADS = [
  "sequence",
  "id",
  "time",
  "stored",
  "type",
  "port",
  "device",
  "connectDurationSeconds",
  "bytesTransmitted",
  "bytesReceived",
  "user",
  "session",
  "outcome",
];

/** Characters of a user's name in the table. */
const USER_ROOM = 30;

/** One event for `--json`. */
export function historyJson(record: HistoryRecord): unknown {
  const { event, outcomes, storedMs, overall, ...rest } = record;
  return {
    ...rest,
    storedAt: timeText(storedMs),
    outcome: overall,
    outcomes: Object.fromEntries(outcomes),
    ...(event === undefined ? {} : { event: { ...event, attempt: undefined } }),
  };
}

/** Writes comma-separated values with a line of names, a line for each event, as RFC 4180 has it. */
export function csvHistory(
  records: Iterable<HistoryRecord>,
  plugins: readonly string[],
  io: CliIo,
): void {
  tellLines(csvLines(records, plugins), io);
}

function* csvLines(
  records: Iterable<HistoryRecord>,
  plugins: readonly string[],
): Generator<string, void> {
  // RFC 4180 ends lines with both; the second one follows when they are written.
  const ended = (cells: Parameters<typeof csvLine>[0]): string => `${csvLine(cells)}\r`;
  yield ended([...CSV_HEADS, ...plugins.map((plugin) => `outcome ${plugin}`)]);
  for (const record of records) {
    const { event } = record;
    const port = event !== undefined && "port" in event ? event.port : undefined;
    const session = event !== undefined && "session" in event ? event.session : undefined;
    yield ended([
      record.sequence,
      record.id,
      record.time,
      timeText(record.storedMs),
      record.type,
      port?.name,
      port?.deviceName,
      port?.connectDurationSeconds,
      port?.bytesTransmitted,
      port?.bytesReceived,
      userOf(record),
      session?.id,
      record.overall,
      ...plugins.map((plugin) => outcomeWords(record.outcomes.get(plugin)!, record.storedMs)),
    ]);
  }
}

/** In words; plugins that nothing is known of are left out, and those that have done it last. */
function outcomesText({ outcomes, storedMs }: HistoryRecord): string {
  const words = [...outcomes].filter(([, { kind }]) => kind !== "none")
    .map(([plugin, outcome]) => [plugin, outcomeWords(outcome, storedMs)] as const);
  const [first] = words;
  if (first === undefined) return "not known";
  if (words.every(([, text]) => text === first[1])) return first[1];
  const others = words.filter(([, text]) => text !== "done");
  const told = others.map(([plugin, text]) => `${plugin} ${text}`).join(", ");
  return others.length < words.length ? `${told}, the others done` : told;
}

/** Writes a table line by line; widths are fixed, because what comes is not known yet. */
export function tableHistory(
  records: Iterable<HistoryRecord>,
  query: HistoryQuery,
  io: CliIo,
): void {
  tellLines(tableLines(records, query, io), io);
}

function* tableLines(
  records: Iterable<HistoryRecord>,
  query: HistoryQuery,
  io: CliIo,
): Generator<string, void> {
  const line = (
    ...[time, event, type, port, user, rest]: [string, string, string, string, string, string]
  ): string =>
    [time.padEnd(23), event.padStart(9), type.padEnd(16), port.padEnd(9), user.padEnd(18), rest]
      .join("  ");
  let count = 0;
  for (const record of records) {
    if (count++ === 0) {
      yield bold(line("time", "event", "type", "port", "user", "outcome"), io.outColors);
    }
    const time = record.time.slice(0, 23).replace("T", " ");
    const port = safeText(portOf(record) ?? "");
    const user = shortText(safeText(userOf(record) ?? ""), USER_ROOM);
    const before = line(time, String(record.sequence), record.type, port, user, "");
    const room = Math.max(20, io.widthColumns - before.length);
    const text = shortText(outcomesText(record), room);
    const paint = { failed: red, waiting: yellow, none: dim, done: undefined }[record.overall];
    yield before + (paint?.(text, io.outColors) ?? text);
  }
  if (count === 0) yield "No events";
  else if (count === query.limit) {
    yield `\nThe newest ${countText(count, "event")} that match; --limit=NUMBER shows more`;
  }
}
