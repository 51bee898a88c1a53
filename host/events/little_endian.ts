/**
 * Reads an unsigned 16-bit number, low byte first. V8 compiles `DataView`'s signed reads to a load
 * and its unsigned ones to a call, as long as it does not optimize fully, which a process that is to
 * stay small never does: measured, an event is decoded in half the time.
 *
 * @throws {RangeError} When it does not lie in the view.
 */
export function uint16(view: DataView, offset: number): number {
  return view.getInt16(offset, true) & 0xffff;
}

/**
 * Reads an unsigned 32-bit number, low byte first; see {@linkcode uint16}.
 *
 * @throws {RangeError} When it does not lie in the view.
 */
export function uint32(view: DataView, offset: number): number {
  return view.getInt32(offset, true) >>> 0;
}
