import { bold } from "./_paint.ts";
import type { CliIo } from "./cli_io.ts";

/** How one column is shown. */
export interface TextColumn {
  readonly head: string;
  /** Whether its cells stand at the right, as numbers do. */
  readonly isNumber?: boolean;
}

/**
 * A table in aligned columns. The last column is cut so that no line is longer than the terminal.
 *
 * @param rows Cells in the order of the columns, safe for a terminal.
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  io: CliIo,
): string {
  const widths = columns.map(({ head }, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0))
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const lastMax = Math.max(20, io.widthColumns - before);
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => {
      if (column === columns.length - 1) {
        return cell.length > lastMax ? `${cell.slice(0, lastMax - 1)}…` : cell;
      }
      const width = widths[column]!;
      return columns[column]!.isNumber ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd();
  return [bold(line(columns.map(({ head }) => head)), io.outColors), ...rows.map(line)].join("\n");
}
