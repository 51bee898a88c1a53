import type { BenchWorld } from "./bench_world.ts";
import { readEntries } from "./read_entries.ts";

/** Writes what is in a world's journal to a file, as it is drained; nothing is released. */
export async function writeEntries(world: BenchWorld, path: string): Promise<void> {
  await using reader = world.openReader();
  using file = await Deno.open(path, { write: true, create: true });
  for (const { bytes } of readEntries(reader)) {
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  }
}
