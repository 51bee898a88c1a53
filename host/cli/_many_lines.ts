import type { CliIo } from "./cli_io.ts";

/** Lines are written together when they have so many characters. */
const TOGETHER_CHARACTERS = 32 * 1024;

/** Writes any number of lines to standard output, many with each call of the system. */
export function tellLines(lines: Iterable<string>, io: CliIo): void {
  let together: string[] = [];
  let characters = 0;
  for (const line of lines) {
    together.push(line);
    characters += line.length;
    if (characters < TOGETHER_CHARACTERS) continue;
    io.out(together.join("\n"));
    together = [];
    characters = 0;
  }
  if (together.length > 0) io.out(together.join("\n"));
}
