import { EventType } from "../../../host/events/event_type.ts";
import { layout } from "../../../host/events/layout.ts";
import type { DrainedBatch } from "../../../host/ffi/journal_reader.ts";
import type { SimRandom } from "./sim_random.ts";

const UNIT = 64;
/** After how long a claim that nobody finishes is given up, as in the library. */
const CLAIM_LIMIT_MS = 1000;
const JOURNAL_ID = 0xabcdef12n;

/** What stands in a place of the journal. */
export interface SimRecord {
  readonly position: number;
  readonly end: number;
  readonly entry: Uint8Array;
  /** `torn`: the writer has died over it; `damaged`: the checksum does not fit. */
  state: "published" | "torn" | "damaged" | "counted";
}

/**
 * The journal as both sides see it, in memory, by the rules of `host/native/include/journal.h`: it
 * has an end, counts what it cannot take, and is read again from where it was released last.
 */
export class SimJournal {
  readonly capacityBytes: number;
  /** Everything that was ever written, in order. */
  readonly records: SimRecord[] = [];
  head = 0;
  tail = 0;
  lostTotal = 0;
  acknowledged = 0;
  /** Where the writers were at the first loss that no gap tells of yet. */
  lossAt: number | undefined;
  #boot = 1n;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
  }

  /** The service starts anew. */
  reboot(): void {
    this.#boot++;
  }

  /** A callout. */
  write(random: SimRandom, state: "published" | "torn" | "damaged"): void {
    const entry = makeEntry(random, this.tail, this.#boot);
    const size = Math.ceil(entry.byteLength / UNIT) * UNIT;
    if (this.tail + size - this.head > this.capacityBytes) return this.lose();
    this.records.push({ position: this.tail, end: this.tail + size, entry, state });
    this.tail += size;
  }

  /** An event is counted that nobody will ever see. */
  lose(at = this.tail): void {
    this.lossAt ??= at;
    this.lostTotal++;
  }

  /** The record that begins at a position. */
  at(position: number): SimRecord | undefined {
    let low = 0;
    let high = this.records.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const record = this.records[middle]!;
      if (record.position === position) return record;
      if (record.position < position) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}

/** The host's side of the journal; there is one at a time. */
export class SimReader {
  readonly #journal: SimJournal;
  readonly #nowMs: () => number;
  #position: number;
  #reported: number;
  #stuckSinceMs: number | undefined;

  /** @param nowMs Monotonic time. */
  constructor(journal: SimJournal, nowMs: () => number) {
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.#position = journal.head;
    this.#reported = journal.acknowledged;
  }

  /** Whether a drain would give something. */
  get hasData(): boolean {
    const record = this.#journal.at(this.#position);
    if (record === undefined) return this.#journal.lostTotal > this.#reported;
    return record.state !== "torn" || this.#isGivenUp();
  }

  /** Takes entries out, at most so many. */
  drain(entriesMax: number): DrainedBatch {
    const pieces: Uint8Array[] = [];
    let hasGap = false;
    while (pieces.length < entriesMax) {
      const { lossAt, lostTotal } = this.#journal;
      const isLoss = lostTotal > this.#reported && !hasGap;
      const record = this.#journal.at(this.#position);
      if (isLoss && (record === undefined || this.#position >= (lossAt ?? 0))) {
        pieces.push(this.#takeGap());
        hasGap = true;
      } else if (record === undefined || !this.#pass(record, pieces)) break;
    }
    const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.byteLength;
    }
    return {
      entries: pieces.length,
      bytes,
      position: BigInt(this.#position),
      lostTotal: BigInt(this.#reported),
      more: this.hasData,
    };
  }

  /** Gives room back for everything before a position. */
  commit(position: bigint, lostTotal: bigint): void {
    const journal = this.#journal;
    if (Number(position) < journal.head || Number(position) > this.#position) {
      throw new RangeError(`the journal is released up to ${position}, which was not drained`);
    }
    journal.head = Number(position);
    journal.acknowledged = Number(lostTotal);
  }

  /** Goes behind a record; false when it has to be waited for. */
  #pass(record: SimRecord, pieces: Uint8Array[]): boolean {
    if (record.state === "torn" && !this.#isGivenUp()) return false;
    this.#stuckSinceMs = undefined;
    if (record.state === "published") pieces.push(padded(record.entry));
    else if (record.state !== "counted") {
      this.#journal.lose(record.position);
      record.state = "counted";
    }
    this.#position = record.end;
    return true;
  }

  #isGivenUp(): boolean {
    this.#stuckSinceMs ??= this.#nowMs();
    return this.#nowMs() - this.#stuckSinceMs >= CLAIM_LIMIT_MS;
  }

  #takeGap(): Uint8Array {
    const { lostTotal } = this.#journal;
    const { gap, entry } = layout;
    const view = new DataView(new ArrayBuffer(gap.bytes));
    view.setBigUint64(entry.position, BigInt(lostTotal), true);
    view.setBigUint64(entry.boot, JOURNAL_ID, true);
    view.setUint32(entry.bytes, gap.bytes, true);
    view.setUint16(entry.type, EventType.gap, true);
    view.setUint16(entry.payloadVersion, 1, true);
    view.setBigUint64(gap.lost, BigInt(lostTotal - this.#reported), true);
    view.setUint32(gap.reasons, 1, true);
    view.setUint32(gap.exact, 1, true);
    this.#reported = lostTotal;
    this.#journal.lossAt = undefined;
    return new Uint8Array(view.buffer);
  }
}

/** An entry of a type that is known or not, of a length that need not be a multiple of eight. */
function makeEntry(random: SimRandom, position: number, boot: bigint): Uint8Array {
  const isKnown = random.chance(0.7);
  const { entry, serviceStart } = layout;
  const bytes = isKnown ? serviceStart.bytes : entry.payload + random.whole(1, 150);
  const view = new DataView(new ArrayBuffer(bytes));
  view.setBigUint64(entry.position, BigInt(position), true);
  view.setBigInt64(entry.time, 1_800_000_000_000_000n, true);
  view.setBigUint64(entry.boot, boot, true);
  view.setUint32(entry.bytes, bytes, true);
  view.setUint16(entry.type, isKnown ? EventType.serviceStart : 99, true);
  view.setUint16(entry.payloadVersion, 1, true);
  for (let i: number = entry.payload; i < bytes; i++) view.setUint8(i, random.whole(0, 255));
  return new Uint8Array(view.buffer);
}

function padded(entry: Uint8Array): Uint8Array {
  const whole = new Uint8Array((entry.byteLength + 7) & ~7);
  whole.set(entry);
  return whole;
}
