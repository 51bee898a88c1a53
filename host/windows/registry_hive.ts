/** The types of registry values that this project reads or writes; others have a number alone. */
export const REGISTRY_TYPES = { REG_SZ: 1, REG_EXPAND_SZ: 2, REG_BINARY: 3, REG_DWORD: 4 } as const;

/** One value of a registry key, as it is stored. */
export interface RegistryValue {
  /** Its type by number, such as 1 for REG_SZ. */
  readonly type: number;
  /** Its bytes; none when there are more than {@linkcode VALUE_BYTES_MAX}. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many bytes it has. */
  readonly size: number;
}

/** One registry key. */
export interface RegistryKey {
  /** The values by name, in the spelling of the registry; the names differ without case. */
  readonly values: ReadonlyMap<string, RegistryValue>;
  /** The names of the keys in it. */
  readonly subkeys: readonly string[];
}

/** Waits for one change of a key. */
export interface RegistryWatch {
  /** Settles after the first change, and when it is closed. */
  readonly changed: Promise<void>;
  /** Waits no more. Closing twice is allowed. */
  close(): void;
}

/**
 * The part of the Windows registry below `HKEY_LOCAL_MACHINE`, in its 64-bit view. Paths have no
 * `HKLM\` in front, such as `SOFTWARE\Onhook`; names and paths are compared without case.
 *
 * The system's own stands behind `systemHive`; tests put one in memory in its place.
 */
export interface RegistryHive {
  /** A key with everything in it, undefined when there is none. */
  key(path: string): RegistryKey | undefined;
  /** One value, undefined when it or its key is not there. */
  value(path: string, name: string): RegistryValue | undefined;
  /** Writes a value; makes its key and the keys above it where they are missing. */
  setValue(path: string, name: string, value: RegistryValue): void;
  /** Makes a key where it is missing. */
  makeKey(path: string): void;
  /** Removes a value; nothing happens when it is not there. */
  deleteValue(path: string, name: string): void;
  /** Removes a key with its values; it must have no keys in it. Nothing happens without it. */
  deleteKey(path: string): void;
  /**
   * Waits for a change of a key or of anything below it: once it returns, no change is missed.
   *
   * @returns Undefined when there is no such key or the system does not watch it.
   */
  watch(path: string): RegistryWatch | undefined;
}

/** Largest value that is read, in bytes. */
export const VALUE_BYTES_MAX = 1024 * 1024;
