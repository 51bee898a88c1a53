import { join } from "@std/path";
import { decodeEvent } from "../events/decode_event.ts";
import type { OnhookEvent } from "../events/schema.ts";
import { walkEntries } from "../events/walk_entries.ts";
import { type DrainedBatch, JournalReader, type JournalReaderOptions } from "./journal_reader.ts";

/**
 * A place for a journal that goes away by itself, for tests.
 */
export class TemporaryJournal implements AsyncDisposable {
  readonly #folder: string;
  /** Where the journal is, or will be when somebody opens it. */
  readonly path: string;
  /** The native library's file. */
  readonly libraryPath: string;

  private constructor(folder: string, libraryPath: string) {
    this.#folder = folder;
    this.path = join(folder, "hangup.journal");
    this.libraryPath = libraryPath;
  }

  /** Makes an empty folder for the journal. */
  static async make(libraryPath: string): Promise<TemporaryJournal> {
    return new TemporaryJournal(await Deno.makeTempDir({ prefix: "onhook-test-" }), libraryPath);
  }

  /** Opens the journal; a small one when it has to be made. */
  open(options: Partial<JournalReaderOptions> = {}): JournalReader {
    return JournalReader.open(this.path, {
      libraryPath: this.libraryPath,
      capacityBytes: 1024 * 1024,
      ...options,
    });
  }

  /** The events of a batch. */
  static events(batch: DrainedBatch): OnhookEvent[] {
    return [...walkEntries(batch.bytes)]
      .flatMap((entry) => decodeEvent(batch.bytes, entry.offset, 1) ?? []);
  }

  /** Drains until nothing is left. */
  static drainAll(reader: JournalReader): { events: OnhookEvent[]; batches: DrainedBatch[] } {
    const batches: DrainedBatch[] = [];
    do {
      const batch = reader.drain();
      batches.push({ ...batch, bytes: batch.bytes.slice() });
    } while (batches.at(-1)!.more);
    return { batches, events: batches.flatMap(TemporaryJournal.events) };
  }

  /** Removes the journal. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
