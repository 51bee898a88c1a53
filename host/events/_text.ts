import { uint16 } from "./little_endian.ts";

/** Slots of the cache; a power of two. Port, media and device names of a server are few. */
const SLOTS = 2048;
/** Longer texts are not kept, so that the cache stays below about 256 kB whatever comes. */
const CACHED_UNITS_MAX = 40;

const slots: string[] = new Array(SLOTS).fill("");

/**
 * Reads UTF-16 code units as text; unpaired surrogates become U+FFFD. The same names come again
 * and again, so short ones are looked up instead of built.
 *
 * @param view The caller has checked that all units lie inside.
 */
export function readText(view: DataView, offset: number, units: number): string {
  if (units === 0) return "";
  const end = offset + units * 2;
  let hash = units;
  for (let at = offset; at < end; at += 2) {
    hash = Math.imul(hash ^ uint16(view, at), 0x0100_0193);
  }
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
  const cached = slots[slot]!;
  if (cached.length === units && sameUnits(cached, view, offset)) return cached;
  const codes: number[] = [];
  for (let at = offset; at < end; at += 2) codes.push(uint16(view, at));
  const raw = String.fromCharCode(...codes);
  const text = raw.toWellFormed();
  // The look-up compares units, which a text with a replaced surrogate no longer has.
  if (units <= CACHED_UNITS_MAX && text === raw) slots[slot] = text;
  return text;
}

function sameUnits(text: string, view: DataView, offset: number): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== uint16(view, offset + i * 2)) return false;
  }
  return true;
}
