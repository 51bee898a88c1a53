import { viewOf } from "./_view.ts";
import { type EntryHeader, readEntryHeader } from "./entry_header.ts";

/** An entry's header and its place in the buffer. */
export interface WalkedEntry extends EntryHeader {
  /** Where the entry starts, in bytes from the start of the buffer. */
  readonly offset: number;
}

/**
 * Walks over the entries of a buffer that holds nothing else, first to last. Each entry is checked
 * before it is given; the padding behind the last one may be missing.
 *
 * @throws {EntryError} When an entry does not lie in the buffer; those before it have been given.
 */
export function* walkEntries(buffer: Uint8Array | DataView): Generator<WalkedEntry, void> {
  const view = viewOf(buffer);
  for (let offset = 0; offset < view.byteLength;) {
    const header = readEntryHeader(view, offset);
    yield { offset, ...header };
    offset = header.next;
  }
}
