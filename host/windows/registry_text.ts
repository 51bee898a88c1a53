import type { RegistryValue } from "./registry_hive.ts";

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
