import { REGISTRY_TYPES, type RegistryValue } from "./registry_hive.ts";

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
