import type { DrainedBatch, JournalReader } from "../../host/ffi/journal_reader.ts";

/** Everything that is in a journal, batch by batch; nothing is released. */
export function* readEntries(reader: JournalReader): Generator<DrainedBatch> {
  while (true) {
    const batch = reader.drain();
    if (batch.entries > 0) yield batch;
    if (!batch.more) return;
  }
}
