import type { RegistryHive, RegistryKey, RegistryValue, RegistryWatch } from "./registry_hive.ts";
import { windowsCall } from "./windows_call.ts";

interface MemoryKey {
  readonly path: string;
  readonly values: Map<string, { name: string; value: RegistryValue }>;
}

/** A registry in memory: for trying changes out before they are made, and for tests. */
export class MemoryHive implements RegistryHive {
  readonly #keys = new Map<string, MemoryKey>();
  readonly #watches = new Map<() => void, string>();
  /** Called before each change with what changes; what it throws keeps the change from being made. */
  onChange: (what: string) => void = () => {};

  key(path: string): RegistryKey | undefined {
    const found = this.#keys.get(path.toUpperCase());
    if (found === undefined) return undefined;
    const values = new Map([...found.values.values()].map(({ name, value }) => [name, value]));
    const inside = `${path.toUpperCase()}\\`;
    const subkeys = [...this.#keys].flatMap(([key, { path }]) =>
      key.startsWith(inside) && !key.slice(inside.length).includes("\\")
        ? [path.slice(inside.length)]
        : []
    );
    return { values, subkeys };
  }

  value(path: string, name: string): RegistryValue | undefined {
    return this.#keys.get(path.toUpperCase())?.values.get(name.toUpperCase())?.value;
  }

  setValue(path: string, name: string, value: RegistryValue): void {
    this.onChange(`${path}!${name}`);
    const { values } = this.#made(path);
    const key = name.toUpperCase();
    values.set(key, { name: values.get(key)?.name ?? name, value });
    this.#tell(path);
  }

  makeKey(path: string): void {
    this.onChange(path);
    this.#made(path);
  }

  deleteValue(path: string, name: string): void {
    this.onChange(`${path}!${name}`);
    this.#keys.get(path.toUpperCase())?.values.delete(name.toUpperCase());
    this.#tell(path);
  }

  deleteKey(path: string): void {
    this.onChange(path);
    if ((this.key(path)?.subkeys.length ?? 0) > 0) windowsCall(1020, `remove HKLM\\${path}`);
    this.#keys.delete(path.toUpperCase());
    this.#tell(path);
  }

  watch(path: string): RegistryWatch | undefined {
    if (!this.#keys.has(path.toUpperCase())) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const close = () => {
      this.#watches.delete(close);
      resolve();
    };
    this.#watches.set(close, path.toUpperCase());
    return { changed: promise, close };
  }

  /** How many changes are waited for. */
  get watches(): number {
    return this.#watches.size;
  }

  #tell(path: string): void {
    for (const [close, watched] of this.#watches) {
      if (`${path.toUpperCase()}\\`.startsWith(`${watched}\\`)) close();
    }
  }

  /** Everything in it, for comparisons. */
  dump(): Record<string, string> {
    const all = [...this.#keys.values()].flatMap(({ path, values }) => [
      [path, ""],
      ...[...values.values()].map(({ name, value }) => [
        `${path}!${name}`,
        `${value.type}:${value.bytes.toHex()}`,
      ]),
    ]);
    return Object.fromEntries(all.toSorted());
  }

  #made(path: string): MemoryKey {
    const parts = path.split("\\");
    for (let count = 1; count <= parts.length; count++) {
      const above = parts.slice(0, count).join("\\");
      if (this.#keys.has(above.toUpperCase())) continue;
      this.#keys.set(above.toUpperCase(), { path: above, values: new Map() });
      this.#tell(above);
    }
    return this.#keys.get(path.toUpperCase())!;
  }
}
