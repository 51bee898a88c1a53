import type { Problem } from "../internal/errors.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { REGISTRY_TYPES, type RegistryHive, type RegistryValue } from "../windows/registry_hive.ts";
import { registryText } from "../windows/registry_text.ts";
import { registryTypeName } from "../windows/registry_type_name.ts";

/** The place of RAS's list, as people write it. */
export const DLL_PATH_PLACE = `HKLM\\${ONHOOK_KEYS.adminDll}!DLLPath`;

/** RAS's list of DLLs as it is stored. */
export interface AdminDllList {
  /** Whether there is such a value. */
  readonly isThere: boolean;
  /** The text, other programs' spacing included. */
  readonly text: string;
  /** What stands behind the text, from its first NUL on; kept as it is. */
  readonly rest: string;
  /** What keeps it from being changed without harm. */
  readonly problems: readonly Problem[];
}

/** Reads RAS's list without making anything of it. */
export function adminDllList(hive: RegistryHive): AdminDllList {
  const value = hive.value(ONHOOK_KEYS.adminDll, "DLLPath");
  if (value === undefined) return { isThere: false, text: "", rest: "\0", problems: [] };
  const { text, rest } = registryText(value);
  const found = wrongWith(value, rest);
  const problems = found === undefined ? [] : [{
    source: "Windows registry",
    place: DLL_PATH_PLACE,
    found,
    wanted: "a REG_SZ; this is another program's list too and is not mended here",
  }];
  return { isThere: true, text, rest, problems };
}

function wrongWith({ type, bytes, size }: RegistryValue, rest: string): string | undefined {
  if (type !== REGISTRY_TYPES.REG_SZ) return `a ${registryTypeName(type)}`;
  if (bytes.length !== size) return `${size} bytes`;
  if (size % 2 === 1) return `${size} bytes, which are no whole UTF-16 units`;
  return /[^\0]/.test(rest) ? "more text behind a NUL" : undefined;
}
