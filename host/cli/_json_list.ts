import { tellLines } from "./_many_lines.ts";
import type { CliIo } from "./cli_io.ts";

/** Writes one JSON document, a list, item by item: only a few are in memory. */
export function tellJsonList(items: Iterable<unknown>, io: CliIo): void {
  tellLines(linesOf(items), io);
}

function* linesOf(items: Iterable<unknown>): Generator<string, void> {
  let previous: string | undefined;
  yield "[";
  for (const item of items) {
    if (previous !== undefined) yield `${previous},`;
    previous = JSON.stringify(item);
  }
  if (previous !== undefined) yield previous;
  yield "]";
}
