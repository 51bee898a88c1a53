/** What a cell of a table of comma-separated values may hold. */
export type CsvCell = string | number | undefined;

/** What makes a spreadsheet take a cell for a formula, also behind blanks or in full width. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/u;

/**
 * Writes one line of comma-separated values as RFC 4180 has it, without the line end.
 *
 * Texts come from networks and plugins, and a spreadsheet runs a cell that begins like a formula:
 * such a text gets an apostrophe in front. Every text is quoted, so that a reader that separates at
 * semicolons or tabs cannot cut one in two either.
 *
 * @param cells Numbers stand as they are, `undefined` is an empty cell.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map((cell) => {
    if (cell === undefined) return "";
    if (typeof cell === "number") return String(cell);
    const safe = FORMULA.test(cell) ? `'${cell}` : cell;
    return `"${safe.replaceAll('"', '""')}"`;
  }).join(",");
}
