/** Writes a 64-bit number, also one that is below 0, without making a `bigint` of a `number`. */
export function write64(view: DataView, offset: number, value: number | bigint | string): void {
  if (typeof value !== "number") {
    view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), true);
    return;
  }
  const upper = Math.floor(value / 0x1_0000_0000);
  view.setUint32(offset, value - upper * 0x1_0000_0000, true);
  view.setInt32(offset + 4, upper, true);
}

/** Writes UTF-16 code units. @returns Where they end. */
export function writeUnits(view: DataView, offset: number, text: string): number {
  for (let i = 0; i < text.length; i++) view.setUint16(offset + i * 2, text.charCodeAt(i), true);
  return offset + text.length * 2;
}
