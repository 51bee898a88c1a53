import { decodeEvent } from "../events/decode_event.ts";
import { EntryError } from "../events/entry_error.ts";
import { StoreError } from "../internal/errors.ts";
import type { Segment } from "../store/segment.ts";

/** Limits of what is kept in memory. */
export interface EventSourceLimits {
  /** Bytes of the newest events that are kept for plugins that keep up. */
  readonly recentBytesMax: number;
  /** Bytes of one read from the store. */
  readonly readBytes: number;
}

/** The part of the store that events are read from. */
export interface SegmentReader {
  readSegment(from: number, bytesMax: number): Segment | undefined;
}

/** A segment whose bytes lie in the ring, from `at` on. */
interface RingSegment extends Segment {
  readonly at: number;
}

function overlaps({ at, bytes }: RingSegment, begin: number, end: number): boolean {
  return at < end && at + bytes.byteLength > begin;
}

/** How many segments read from the store are kept: plugins that catch up are often close by. */
const CACHED_SEGMENTS_MAX = 8;

/**
 * Gives events by sequence: the newest from memory, where all plugins share the same bytes, and
 * older ones from the store. Its memory is bounded whatever waits.
 */
export class EventSource {
  readonly #reader: SegmentReader;
  readonly #limits: EventSourceLimits;
  readonly #cached: Segment[] = [];
  /** The newest events, oldest first; their bytes lie in the ring. */
  #recent: RingSegment[] = [];
  readonly #ring: Uint8Array<ArrayBuffer>;
  #ringHead = 0;

  constructor(reader: SegmentReader, limits: EventSourceLimits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#ring = new Uint8Array(limits.recentBytesMax);
  }

  /** Bytes of events that are in memory. */
  get bytes(): number {
    return [...this.#cached, ...this.#recent].reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  /**
   * Takes events that are being stored. Their bytes are copied into a ring that is made once, so
   * that a stream of events leaves nothing behind to be collected.
   */
  add(segment: Segment): void {
    const { byteLength } = segment.bytes;
    if (byteLength > this.#ring.byteLength) {
      this.#recent = [{ ...segment, at: 0, bytes: segment.bytes.slice() }];
      this.#ringHead = 0;
      return;
    }
    let drop = 0;
    if (this.#ringHead + byteLength > this.#ring.byteLength) {
      // What lies between here and the end of the ring is older than what lies at its beginning.
      while (drop < this.#recent.length && this.#recent[drop]!.at >= this.#ringHead) drop++;
      this.#ringHead = 0;
    }
    const end = this.#ringHead + byteLength;
    while (drop < this.#recent.length && overlaps(this.#recent[drop]!, this.#ringHead, end)) drop++;
    if (drop > 0) this.#recent = this.#recent.slice(drop);
    this.#ring.set(segment.bytes, this.#ringHead);
    const bytes = this.#ring.subarray(this.#ringHead, end);
    this.#recent.push({ ...segment, bytes, at: this.#ringHead });
    this.#ringHead = end;
  }

  /**
   * @param sequence An event that has been stored.
   * @returns A segment that holds it, or that begins behind it when retention has dropped it, or
   * `undefined` when there is nothing from there on.
   */
  at(sequence: number): Segment | undefined {
    return this.#fromRecent(sequence) ?? this.#fromCache(sequence) ?? this.#read(sequence);
  }

  /**
   * Whether an event is in memory and will not be for long: half of what fits came after it. Then it
   * is read from the store for every plugin that has not been handed it.
   */
  leavesSoon(sequence: number): boolean {
    const segment = this.#fromRecent(sequence);
    if (segment === undefined) return false;
    const { byteLength } = this.#ring;
    const bytesSince = (this.#ringHead - segment.at + byteLength) % byteLength || byteLength;
    return bytesSince > byteLength / 2;
  }

  /** Forgets events before a given one, which the store has dropped. */
  forgetBefore(sequence: number): void {
    const isKept = ({ last }: Segment): boolean => last >= sequence;
    this.#recent = this.#recent.filter(isKept);
    this.#cached.splice(0, Infinity, ...this.#cached.filter(isKept));
  }

  /** The id of an event, for the log; its sequence when it cannot be read or decoded. */
  idOf(sequence: number): string {
    try {
      const segment = this.at(sequence);
      if (segment === undefined || segment.first > sequence) return `#${sequence}`;
      const offset = segment.offsets[sequence - segment.first]!;
      return decodeEvent(segment.bytes, offset, 1)?.id ?? `#${sequence}`;
    } catch (error) {
      if (error instanceof EntryError || error instanceof StoreError) return `#${sequence}`;
      throw error;
    }
  }

  #fromRecent(sequence: number): RingSegment | undefined {
    let low = 0;
    let high = this.#recent.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const segment = this.#recent[middle]!;
      if (sequence < segment.first) high = middle - 1;
      else if (sequence > segment.last) low = middle + 1;
      else return segment;
    }
    return undefined;
  }

  #fromCache(sequence: number): Segment | undefined {
    return this.#cached.find(({ first, last }) => first <= sequence && sequence <= last);
  }

  #read(sequence: number): Segment | undefined {
    const segment = this.#reader.readSegment(sequence, this.#limits.readBytes);
    if (segment === undefined) return undefined;
    this.#cached.push(segment);
    if (this.#cached.length > CACHED_SEGMENTS_MAX) this.#cached.shift();
    return segment;
  }
}
