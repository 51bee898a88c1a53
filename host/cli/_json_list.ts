import type { CliIo } from "./cli_io.ts";

/** Writes one JSON document, a list, item by item: no more than one is in memory. */
export function tellJsonList(items: Iterable<unknown>, io: CliIo): void {
  let previous: string | undefined;
  io.out("[");
  for (const item of items) {
    if (previous !== undefined) io.out(`${previous},`);
    previous = JSON.stringify(item);
  }
  if (previous !== undefined) io.out(previous);
  io.out("]");
}
