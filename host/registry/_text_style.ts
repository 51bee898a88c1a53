/** The line end of a text: that of its first line. */
export function lineEndOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
}

/** The blanks that the line of an offset starts with. */
export function indentAt(text: string, offset: number): string {
  const lineStart =
    Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? "";
}

/** Whether nothing but blanks stands between the start of the line and an offset. */
export function startsLine(text: string, offset: number): boolean {
  return /(?:^|[\r\n])[ \t]*$/.test(text.slice(0, offset));
}

/** The blanks of one level of indentation, guessed from a level and the one inside it. */
export function indentUnit(outer: string, inner: string): string {
  return inner.length > outer.length && inner.startsWith(outer) ? inner.slice(outer.length) : "  ";
}

/** A value as JSON over several lines, its first line without indentation. */
export function jsonLines(value: unknown, indent: string, unit: string, lineEnd: string): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", `${lineEnd}${indent}`);
}

/** A value as JSON in one line, with blanks between its parts. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, " ");
}
