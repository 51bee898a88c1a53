import type { RegistryHive } from "./registry_hive.ts";

/** Copies a key of another registry with everything below it, where it is there. */
export function copyKey(from: RegistryHive, path: string, to: RegistryHive): void {
  const key = from.key(path);
  if (key === undefined) return;
  to.makeKey(path);
  for (const [name, value] of key.values) to.setValue(path, name, value);
  for (const subkey of key.subkeys) copyKey(from, `${path}\\${subkey}`, to);
}
