import { describeValue } from "./describe_value.ts";
import { type JsoncDocument, readJsoncDocument } from "./jsonc_document.ts";
import type { WindowsValueKind } from "./_windows_values.ts";
import { REGISTRY_TYPES, type RegistryValue, VALUE_BYTES_MAX } from "../windows/registry_hive.ts";
import { registryText } from "../windows/registry_text.ts";
import { registryTypeName } from "../windows/registry_type_name.ts";

/** What is wrong with a value: what is there and what is wanted. */
export interface WrongValue {
  readonly found: string;
  readonly wanted: string;
}

/** A value that was read: what it says, or what is wrong with it. */
export type ReadValue =
  | { readonly value: unknown; readonly document?: JsoncDocument; readonly wrong?: undefined }
  | { readonly wrong: WrongValue };

const WANTED: Readonly<Record<WindowsValueKind, string>> = {
  text: "REG_SZ",
  json: "REG_SZ that holds JSON",
  number: "REG_DWORD",
  boolean: "REG_DWORD with 0 or 1",
};

/**
 * Reads the text of a REG_SZ, and holds it against what a text may be.
 *
 * @param wanted What is wanted, such as `REG_SZ`; stands behind "a".
 * @param unitsMax Most UTF-16 units.
 */
export function textOfValue(
  value: RegistryValue,
  wanted: string,
  unitsMax = VALUE_BYTES_MAX / 2,
): { readonly text: string; readonly wrong?: undefined } | { readonly wrong: WrongValue } {
  const refuse = (found: string, more = ""): { wrong: WrongValue } => ({
    wrong: { found, wanted: `a ${wanted}${more}` },
  });
  if (value.type !== REGISTRY_TYPES.REG_SZ) return refuse(`a ${registryTypeName(value.type)}`);
  const lengthMax = Math.min(VALUE_BYTES_MAX, unitsMax * 2 + 2);
  if (value.size > lengthMax) {
    return refuse(`${value.size} bytes`, ` of at most ${lengthMax} bytes`);
  }
  if (value.size % 2 === 1) return refuse(`${value.size} bytes`, " of UTF-16, two bytes a unit");
  const { text, rest } = registryText(value);
  if (/[^\0]/.test(rest)) return refuse(`${describeValue(text)} and more behind a NUL`, " without");
  if (!text.isWellFormed()) return refuse(describeValue(text), " of whole Unicode characters");
  return { text };
}

/**
 * Reads one value of a plugin.
 *
 * @param source What problems of a JSON text call it.
 */
export function readWindowsValue(
  value: RegistryValue,
  kind: WindowsValueKind,
  source: string,
): ReadValue {
  const wanted = WANTED[kind];
  if (kind === "text" || kind === "json") {
    const read = textOfValue(value, wanted);
    if (read.wrong !== undefined) return read;
    if (kind === "text") return { value: read.text };
    const document = readJsoncDocument(read.text, source);
    return { value: document.value, document };
  }
  if (value.type !== REGISTRY_TYPES.REG_DWORD) {
    return { wrong: { found: `a ${registryTypeName(value.type)}`, wanted: `a ${wanted}` } };
  }
  if (value.bytes.length !== 4) {
    return { wrong: { found: `${value.size} bytes`, wanted: `a ${wanted} of 4 bytes` } };
  }
  const number = new DataView(value.bytes.buffer, value.bytes.byteOffset).getUint32(0, true);
  if (kind === "number") return { value: number };
  return number > 1
    ? { wrong: { found: String(number), wanted: `a ${wanted}` } }
    : { value: number === 1 };
}
