import type { Machine } from "./machine.ts";
import { type Row, verdictOf } from "./row.ts";

/** The result of a whole run. */
export interface Report {
  readonly command: string;
  /** When the run began, ISO 8601. */
  readonly date: string;
  readonly isQuick: boolean;
  readonly seconds: number;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

const VALUE_WIDTH = 18;
const WANTED_WIDTH = 12;

/** A report to be read. */
export function reportText(report: Report): string {
  const { machine, rows } = report;
  const lines = [
    `${report.command}, ${report.date.slice(0, 16).replace("T", " ")} UTC, ` +
    `${report.seconds.toFixed(0)} s`,
    `${machine.processor}, ${machine.cores} of ${machine.coresOfMachine} cores, ` +
    `${machine.memoryGb} GiB, ${machine.system}, ${machine.disk}, Deno ${machine.deno}, ` +
    `load before ${machine.loadBefore.toFixed(1)}`,
    "",
  ];
  for (const row of rows) {
    const verdict = verdictOf(row);
    lines.push(
      `${valueText(row).padStart(VALUE_WIDTH)}  ${wantedText(row).padEnd(WANTED_WIDTH)}` +
        `${verdict.padEnd(11)} ${row.what}`,
    );
    const below = row.skipped ?? row.beside;
    if (below !== undefined) {
      lines.push(`${" ".repeat(VALUE_WIDTH + WANTED_WIDTH + 14)}${below.split("\n").join("; ")}`);
    }
  }
  const missed = rows.filter((row) => verdictOf(row) === "MISSED");
  const bounds = rows.filter(({ wanted }) => wanted !== undefined && !wanted.isGoal);
  lines.push(
    "",
    missed.length === 0
      ? `All ${bounds.length} bounds that could be measured are met.`
      : `${missed.length} of ${bounds.length} bounds MISSED: ${
        missed.map(({ id }) => id).join(", ")
      }.`,
  );
  return `${lines.join("\n")}\n`;
}

/** A report to be compared with others by a program. */
export function reportJson(report: Report): string {
  const rows = report.rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
  return `${JSON.stringify({ format: 1, ...report, rows }, undefined, 2)}\n`;
}

function wantedText({ wanted, unit }: Row): string {
  if (wanted === undefined) return "";
  return `${wanted.is === "most" ? "≤" : "≥"} ${numberText(wanted.limit, unit)}`;
}

function valueText(row: Row): string {
  return row.value === undefined ? "—" : `${numberText(row.value, row.unit)} ${row.unit}`;
}

function numberText(value: number, unit: string): string {
  if (unit === "events/s") return Math.round(value).toLocaleString("en");
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
