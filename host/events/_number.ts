import { uint32 } from "./little_endian.ts";
import { EntryError } from "./entry_error.ts";

/** Above this, the upper half of a 64-bit number does not fit into a safe integer. */
const SAFE_UPPER_END = 0x20_0000;

const hexDigits = Array.from({ length: 256 }, (_, n) => n.toString(16));
const hexPairs = hexDigits.map((digits) => digits.padStart(2, "0"));

/** Reads an unsigned 64-bit number that has to be a safe integer. */
export function readSafe(view: DataView, offset: number, entry: number, what: string): number {
  const upper = uint32(view, offset + 4);
  if (upper >= SAFE_UPPER_END) {
    const found = view.getBigUint64(offset, true);
    throw new EntryError(`its ${what} is ${found}, at most 2^53 - 1 is wanted`, entry);
  }
  return upper * 0x1_0000_0000 + uint32(view, offset);
}

/** Reads an unsigned 64-bit number as hexadecimal digits without padding. */
export function readHex(view: DataView, offset: number): string {
  const upper = uint32(view, offset + 4);
  const lower = uint32(view, offset);
  return upper === 0 ? hex32(lower) : hex32(upper) + paddedHex32(lower);
}

let cachedUpper = 0;
let cachedLower = 0;
let cachedHex16 = "0000000000000000";

/** Reads an unsigned 64-bit number as 16 hexadecimal digits; the last one is kept. */
export function readHex16(view: DataView, offset: number): string {
  const upper = uint32(view, offset + 4);
  const lower = uint32(view, offset);
  if (upper !== cachedUpper || lower !== cachedLower) {
    cachedHex16 = paddedHex32(upper) + paddedHex32(lower);
    cachedUpper = upper;
    cachedLower = lower;
  }
  return cachedHex16;
}

function hex32(value: number): string {
  if (value < 0x100) return hexDigits[value]!;
  if (value < 0x1_0000) return hexDigits[value >>> 8]! + hexPairs[value & 0xff]!;
  if (value < 0x100_0000) {
    return hexDigits[value >>> 16]! + hexPairs[(value >>> 8) & 0xff]! + hexPairs[value & 0xff]!;
  }
  return hexDigits[value >>> 24]! + hexPairs[(value >>> 16) & 0xff]! +
    hexPairs[(value >>> 8) & 0xff]! + hexPairs[value & 0xff]!;
}

function paddedHex32(value: number): string {
  return hexPairs[value >>> 24]! + hexPairs[(value >>> 16) & 0xff]! +
    hexPairs[(value >>> 8) & 0xff]! + hexPairs[value & 0xff]!;
}
