import type { ReplayReport } from "../history/replay.ts";
import type { ReplayRange } from "../history/replay_range.ts";
import { countText } from "./_number_texts.ts";
import { failureWords } from "./_outcome_words.ts";
import { red } from "./_paint.ts";
import { safeText } from "./_safe_text.ts";
import { textTable } from "./_text_table.ts";
import type { CliIo } from "./cli_io.ts";

/** A replay that is over. */
export interface ReplayTold {
  readonly report: ReplayReport;
  readonly plugin: string;
  readonly range: ReplayRange;
  readonly isDryRun: boolean;
  readonly seconds: number;
}

/** Tells what came of a replay. */
export function tellReplay(told: ReplayTold, io: CliIo): void {
  const { report, plugin, range, isDryRun, seconds } = told;
  const { done, failed, failures, attemptsUnknown, endedEarly } = report;
  const total = range.to - range.from + 1;
  io.out(
    `${plugin}: events ${range.from} to ${range.to} in ${seconds.toFixed(1)} s` +
      `${isDryRun ? ", dry run" : ""}\n`,
  );
  const left = total - done - failed;
  io.out(textTable(
    [{ head: "outcome" }, { head: "events", isNumber: true }, { head: "" }],
    [
      ["done", String(done), ""],
      ["failed", String(failed), ""],
      ...(left > 0 ? [["not handed over or not answered", String(left), ""]] : []),
    ],
    io,
  ));
  if (endedEarly !== undefined) {
    io.out(red(`\nIt ended early: ${safeText(endedEarly)}`, io.outColors));
  }
  if (failures.length > 0) {
    io.out("");
    io.out(textTable(
      [
        { head: "event", isNumber: true },
        { head: "attempt", isNumber: true },
        { head: "how" },
        { head: "error" },
      ],
      failures.map(({ sequence, attempt, kind, message }) => [
        String(sequence),
        String(attempt),
        failureWords(kind, message),
        safeText(message),
      ]),
      io,
    ));
    if (failed > failures.length) io.out(`and ${failed - failures.length} more`);
  }
  io.out("\nEach event said in attempt one more than the store knows of");
  if (attemptsUnknown > 0) {
    io.out(`but for ${countText(attemptsUnknown, "event")} without an outcome there, which said 1`);
  }
  if (isDryRun) tellRefusals(report, io);
}

function tellRefusals({ refusals }: ReplayReport, io: CliIo): void {
  const { all, left } = refusals;
  io.out("");
  if (all.length === 0) {
    io.out("Nothing was refused");
    return;
  }
  io.out(textTable(
    [
      { head: "refused" },
      { head: "times", isNumber: true },
      { head: "told at", isNumber: true },
      { head: "to" },
    ],
    all.map(({ kind, target, times, firstSequence }) => [
      safeText(kind),
      String(times),
      firstSequence === undefined ? "-" : String(firstSequence),
      safeText(target),
    ]),
    io,
  ));
  if (left > 0) io.out(`and ${left} times something else`);
}
