import { uint32 } from "./little_endian.ts";
import { EntryError } from "./entry_error.ts";
import { layout } from "./layout.ts";

/**
 * Checks that a whole entry lies in the buffer, before anything else of it is believed.
 *
 * @returns The exact length of the entry in bytes.
 */
export function checkEntry(view: DataView, entry: number): number {
  // The comparison is so that NaN fails it too.
  if (!(entry >= 0 && entry % layout.alignment === 0)) {
    throw new EntryError("its place is wanted to be a multiple of 8 in the buffer", entry);
  }
  const available = view.byteLength - entry;
  if (available < layout.entry.payload) {
    throw new EntryError(
      `${Math.max(available, 0)} bytes are left, at least ${layout.entry.payload} are wanted`,
      entry,
    );
  }
  const bytes = uint32(view, entry + layout.entry.bytes);
  if (bytes < layout.entry.payload || bytes > available) {
    throw new EntryError(
      `its length is ${bytes} bytes, ${layout.entry.payload} to ${available} are wanted`,
      entry,
    );
  }
  return bytes;
}
