/**
 * A run of events with consecutive sequences, as bytes: one entry behind the other, each padded to
 * a multiple of eight. Events are stored, kept in memory and sent on in segments, never one by one.
 */
export interface Segment {
  /** Sequence of its first event. */
  readonly first: number;
  /** Sequence of its last event. */
  readonly last: number;
  /** The entries. */
  readonly bytes: Uint8Array;
  /** Where each entry starts in `bytes`, and behind the last one its end. */
  readonly offsets: Uint32Array;
}

/**
 * @param segment A segment.
 * @param from Sequence of the first event that is wanted, inside the segment.
 * @param to Sequence of the last event that is wanted, inside the segment, not before `from`.
 * @returns The bytes of these events, not copied.
 */
export function segmentSlice(segment: Segment, from: number, to: number): Uint8Array {
  const { first, offsets, bytes } = segment;
  return bytes.subarray(offsets[from - first]!, offsets[to - first + 1]!);
}
