import type { HostReport } from "../host.ts";

const HEADER = ["#", "plugin", "done", "failed", "median", "worst"] as const;

/** The demo's last words: what each plugin did with the events, as a table. */
export function closingTable(report: HostReport): string {
  const rows = report.plugins.map((plugin, index) => [
    String(index + 1),
    plugin.plugin,
    String(plugin.done),
    String(plugin.failed),
    milliseconds(plugin.medianMs),
    milliseconds(plugin.longestMs),
  ]);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length))
  );
  const line = (cells: readonly string[]) =>
    "  " +
    cells.map((cell, column) =>
      column === 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd();
  return [line(HEADER), ...rows.map(line)].join("\n");
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
