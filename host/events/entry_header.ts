import { uint16, uint32 } from "./little_endian.ts";
import { checkEntry } from "./_check_entry.ts";
import { readSafe } from "./_number.ts";
import { layout } from "./layout.ts";

/** What stands in the header of an entry, as far as the host needs it without decoding. */
export interface EntryHeader {
  /** See `EventType`; a number that this version does not know is given as it is. */
  readonly type: number;
  /** Exact length of the entry in bytes, padding not counted. */
  readonly bytes: number;
  /** 0 as long as the host has not taken the event in. */
  readonly sequence: number;
  /** Microseconds since 1970 UTC. */
  readonly timeMicroseconds: number;
  /** Where the next entry starts, when there is one: the end of this one and its padding. */
  readonly next: number;
}

/**
 * Reads the header of an entry, without decoding what is behind it.
 *
 * @param view The bytes that hold the entry.
 * @param offset Where the entry starts in them, a multiple of 8.
 * @throws {EntryError} When the entry does not lie in the buffer, or its sequence is no safe
 * integer.
 */
export function readEntryHeader(view: DataView, offset: number): EntryHeader {
  const bytes = checkEntry(view, offset);
  return {
    type: uint16(view, offset + layout.entry.type),
    bytes,
    sequence: readSafe(view, offset + layout.entry.sequence, offset, "sequence"),
    timeMicroseconds: view.getInt32(offset + layout.entry.time + 4, true) * 0x1_0000_0000 +
      uint32(view, offset + layout.entry.time),
    next: offset + bytes + (-bytes & (layout.alignment - 1)),
  };
}
