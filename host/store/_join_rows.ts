import { uint32 } from "../events/little_endian.ts";
import { layout } from "../events/layout.ts";
import type { Segment } from "./segment.ts";

/** Joins consecutive stored rows to one segment, until it has `bytesMax` bytes. */
export function joinRows(
  rows: Iterable<Record<string, unknown>>,
  bytesMax: number,
): Segment | undefined {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let first = 0;
  let last = 0;
  for (const row of rows) {
    if (pieces.length > 0 && row["first"] !== last + 1) break;
    const piece = row["bytes"] as Uint8Array;
    if (pieces.length === 0) first = row["first"] as number;
    last = row["last"] as number;
    pieces.push(piece);
    bytes += piece.byteLength;
    if (bytes >= bytesMax) break;
  }
  if (pieces.length === 0) return undefined;
  const joined = pieces.length === 1 ? pieces[0]! : new Uint8Array(bytes);
  if (pieces.length > 1) {
    let offset = 0;
    for (const piece of pieces) {
      joined.set(piece, offset);
      offset += piece.byteLength;
    }
  }
  return { first, last, bytes: joined, offsets: entryOffsets(joined, last - first + 1) };
}

function entryOffsets(bytes: Uint8Array, count: number): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const length = uint32(view, offsets[i]! + layout.entry.bytes);
    offsets[i + 1] = (offsets[i]! + length + layout.alignment - 1) & ~(layout.alignment - 1);
  }
  return offsets;
}
