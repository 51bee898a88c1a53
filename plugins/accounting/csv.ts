/** A spreadsheet takes a cell that begins with one of these for a formula and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line of CSV (RFC 4180). Text from the network stands in it, so a cell that a spreadsheet would
 * run is written with an apostrophe before it.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cellText).join(",")}\n`;
}

function cellText(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Reads what {@linkcode csvLine} wrote; a line without its end is left out. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endCell = (): void => {
    cells.push(cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') {
      if (isQuoted && text[i + 1] === '"') cell += text[i++];
      else isQuoted = !isQuoted;
    } else if (isQuoted || (char !== "," && char !== "\n")) cell += char;
    else {
      endCell();
      if (char === ",") continue;
      lines.push(cells);
      cells = [];
    }
  }
  return lines;
}
