import type { RegistryHive, RegistryValue } from "./registry_hive.ts";

/** One change of the registry. */
export type RegistryWrite =
  | {
    readonly kind: "setValue";
    readonly key: string;
    readonly name: string;
    readonly value: RegistryValue;
  }
  | { readonly kind: "deleteValue"; readonly key: string; readonly name: string }
  | { readonly kind: "deleteKey"; readonly key: string };

/** Makes one change. @throws {NativeError} When the registry does not take it. */
export function writeRegistry(hive: RegistryHive, write: RegistryWrite): void {
  if (write.kind === "setValue") hive.setValue(write.key, write.name, write.value);
  else if (write.kind === "deleteValue") hive.deleteValue(write.key, write.name);
  else hive.deleteKey(write.key);
}
