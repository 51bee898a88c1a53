import { REGISTRY_TYPES, type RegistryValue } from "./registry_hive.ts";

/** What a REG_SZ holds. */
export interface RegistryText {
  /** The text before the first NUL, unit by unit: what is no whole character stays as it is. */
  readonly text: string;
  /** The units from the first NUL on. */
  readonly rest: string;
}

/**
 * Reads the text of a value, whatever its type says. Registry texts need not end in a NUL and may
 * hold several.
 *
 * @param value The value; a last odd byte is left out.
 */
export function registryText({ bytes }: RegistryValue): RegistryText {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let units = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    units += String.fromCharCode(view.getUint16(at, true));
  }
  const end = units.indexOf("\0");
  return end === -1
    ? { text: units, rest: "" }
    : { text: units.slice(0, end), rest: units.slice(end) };
}

/**
 * @param text The text, without a NUL.
 * @param rest What stands behind it: one NUL, unless a value is kept as somebody else wrote it.
 * @returns A REG_SZ.
 */
export function textValue(text: string, rest = "\0"): RegistryValue {
  const units = text + rest;
  const bytes = new Uint8Array(units.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < units.length; at++) view.setUint16(at * 2, units.charCodeAt(at), true);
  return { type: REGISTRY_TYPES.REG_SZ, bytes, size: bytes.length };
}

/** @param number 0 to 4294967295. @returns A REG_DWORD. */
export function numberValue(number: number): RegistryValue {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return { type: REGISTRY_TYPES.REG_DWORD, bytes, size: 4 };
}
