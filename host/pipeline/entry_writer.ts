import { layout } from "../events/layout.ts";
import { sessionEndBytes, writeSessionEnd } from "../events/session_end_fields.ts";
import { sessionBytes, type SessionFields, writeSession } from "../events/session_fields.ts";
import type { EndedSession } from "../sessions/end_session.ts";
import { sessionEndFields } from "../sessions/entry_fields.ts";

function aligned(bytes: number): number {
  return (bytes + layout.alignment - 1) & ~(layout.alignment - 1);
}

/**
 * Puts the entries of a batch together as they are stored: one behind the other, each with its
 * session. As long as nothing is added this happens in place; from the first addition on in a
 * buffer that is used again for the next batch.
 */
export class EntryWriter {
  #own = new Uint8Array();
  #bytes: Uint8Array = this.#own;
  #view: DataView = new DataView(this.#own.buffer);
  #source: Uint8Array = this.#own;
  #end = 0;

  /** Begins a batch. @returns A view of its entries. */
  begin(source: Uint8Array): DataView {
    this.#source = this.#bytes = source;
    this.#end = 0;
    return this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  /** Where the entries stand that were put; another view may come with the next one. */
  get view(): DataView {
    return this.#view;
  }

  /** What was put so far; valid until the next batch begins. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Puts an entry of the batch. @returns Where it stands. */
  put(offset: number, bytes: number, session: SessionFields | undefined): number {
    const place = this.#end;
    const padded = aligned(bytes);
    if (session === undefined) {
      if (this.#bytes !== this.#source) {
        this.#reserve(padded);
        this.#bytes.set(this.#source.subarray(offset, offset + padded), place);
      } else if (offset !== place) this.#bytes.copyWithin(place, offset, offset + padded);
      this.#end = place + padded;
      return place;
    }
    const whole = padded + sessionBytes(session);
    this.#reserve(aligned(whole));
    this.#bytes.set(this.#source.subarray(offset, offset + bytes), place);
    this.#bytes.fill(0, place + bytes, place + padded);
    writeSession(this.#view, place + padded, session);
    this.#view.setUint32(place + layout.entry.reserved, padded, true);
    this.#view.setUint32(place + layout.entry.bytes, whole, true);
    this.#close(place, whole);
    return place;
  }

  /** Puts the end of a session. @returns Where it stands. */
  putEnd(ended: EndedSession, sequence: number): number {
    const place = this.#end;
    const fields = sessionEndFields(ended);
    const whole = sessionEndBytes(fields);
    this.#reserve(aligned(whole));
    const { boot, position } = ended.session;
    writeSessionEnd(this.#view, place, { boot, position, sequence, timeUs: ended.endedUs }, fields);
    this.#close(place, whole);
    return place;
  }

  #close(place: number, whole: number): void {
    this.#end = place + aligned(whole);
    this.#bytes.fill(0, place + whole, this.#end);
  }

  /** Makes room in the own buffer. */
  #reserve(bytes: number): void {
    const needed = this.#end + bytes;
    const isOwn = this.#bytes === this.#own;
    if (isOwn && needed <= this.#own.byteLength) return;
    const before = this.#bytes;
    if (needed > this.#own.byteLength) this.#own = new Uint8Array(needed * 2);
    if (before !== this.#own) this.#own.set(before.subarray(0, this.#end));
    this.#bytes = this.#own;
    this.#view = new DataView(this.#own.buffer);
  }
}
