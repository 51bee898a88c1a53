import { advapi32, HKEY_LOCAL_MACHINE } from "./advapi32.ts";
import {
  type RegistryHive,
  type RegistryKey,
  type RegistryValue,
  type RegistryWatch,
  VALUE_BYTES_MAX,
} from "./registry_hive.ts";
import { WINDOWS_ERRORS, windowsCall } from "./windows_call.ts";
import { watchKey } from "./_watch_key.ts";
import { wideText } from "./wide_text.ts";

const KEY_READ = 0x2_0019;
const KEY_WRITE = 0x2_0006;
const KEY_WOW64_64KEY = 0x100;
/** The registry's own limits, in UTF-16 units. */
const KEY_NAME_MAX = 256;
const VALUE_NAME_MAX = 16_384;
/** A value may grow between asking for its size and reading it. */
const GROWTH_TRIES = 4;

type Rights = typeof KEY_READ | typeof KEY_WRITE;

class SystemHive implements RegistryHive {
  key(path: string): RegistryKey | undefined {
    return this.#with(path, KEY_READ, (handle) => {
      const values = new Map<string, RegistryValue>();
      for (const name of this.#names(handle, path, "values")) {
        const value = this.#read(handle, path, name);
        // Somebody may remove it in between.
        if (value !== undefined) values.set(name, value);
      }
      return { values, subkeys: this.#names(handle, path, "keys") };
    });
  }

  value(path: string, name: string): RegistryValue | undefined {
    return this.#with(path, KEY_READ, (handle) => this.#read(handle, path, name));
  }

  setValue(path: string, name: string, value: RegistryValue): void {
    this.#made(path, (handle) => {
      const { type, bytes } = value;
      // Windows looks behind a text that ends in no NUL and takes one that happens to stand there.
      const guarded = new Uint8Array(bytes.length + 2).fill(0xff);
      guarded.set(bytes);
      const status = advapi32().RegSetValueExW(
        handle,
        wideText(name),
        0,
        type,
        guarded,
        bytes.length,
      );
      windowsCall(status, `write HKLM\\${path}!${name}`);
    });
  }

  makeKey(path: string): void {
    this.#made(path, () => {});
  }

  deleteValue(path: string, name: string): void {
    this.#with(path, KEY_WRITE, (handle) => {
      const status = advapi32().RegDeleteValueW(handle, wideText(name));
      if (status === WINDOWS_ERRORS.FILE_NOT_FOUND) return;
      windowsCall(status, `remove HKLM\\${path}!${name}`);
    });
  }

  deleteKey(path: string): void {
    const { RegDeleteKeyExW } = advapi32();
    const status = RegDeleteKeyExW(HKEY_LOCAL_MACHINE, wideText(path), KEY_WOW64_64KEY, 0);
    if (status === WINDOWS_ERRORS.FILE_NOT_FOUND) return;
    windowsCall(status, `remove HKLM\\${path}`);
  }

  watch(path: string): RegistryWatch | undefined {
    return watchKey(path);
  }

  #with<T>(path: string, rights: Rights, use: (handle: bigint) => T): T | undefined {
    const out = new BigUint64Array(1);
    const status = advapi32().RegOpenKeyExW(
      HKEY_LOCAL_MACHINE,
      wideText(path),
      0,
      rights | KEY_WOW64_64KEY,
      new Uint8Array(out.buffer),
    );
    if (status === WINDOWS_ERRORS.FILE_NOT_FOUND) return undefined;
    windowsCall(status, `open HKLM\\${path}`);
    try {
      return use(out[0]!);
    } finally {
      advapi32().RegCloseKey(out[0]!);
    }
  }

  #made(path: string, use: (handle: bigint) => void): void {
    const out = new BigUint64Array(1);
    const status = advapi32().RegCreateKeyExW(
      HKEY_LOCAL_MACHINE,
      wideText(path),
      0,
      0n,
      0,
      KEY_WRITE | KEY_WOW64_64KEY,
      0n,
      new Uint8Array(out.buffer),
      0n,
    );
    windowsCall(status, `make HKLM\\${path}`);
    try {
      use(out[0]!);
    } finally {
      advapi32().RegCloseKey(out[0]!);
    }
  }

  #names(handle: bigint, path: string, what: "keys" | "values"): string[] {
    const { RegEnumKeyExW, RegEnumValueW } = advapi32();
    const enumerate = what === "keys" ? RegEnumKeyExW : RegEnumValueW;
    const units = new Uint16Array(what === "keys" ? KEY_NAME_MAX : VALUE_NAME_MAX);
    const length = new Uint32Array(1);
    const names: string[] = [];
    for (let index = 0;; index++) {
      length[0] = units.length;
      const status = enumerate(
        handle,
        index,
        new Uint8Array(units.buffer),
        new Uint8Array(length.buffer),
        0n,
        0n,
        0n,
        0n,
      );
      if (status === WINDOWS_ERRORS.NO_MORE_ITEMS) return names;
      windowsCall(status, `list the ${what} of HKLM\\${path}`);
      names.push(String.fromCharCode(...units.subarray(0, length[0])));
    }
  }

  #read(handle: bigint, path: string, name: string): RegistryValue | undefined {
    const wide = wideText(name);
    const type = new Uint32Array(1);
    const size = new Uint32Array(1);
    let bytes = new Uint8Array(256);
    for (let tries = 0; tries < GROWTH_TRIES; tries++) {
      size[0] = bytes.length;
      const status = advapi32().RegQueryValueExW(
        handle,
        wide,
        0n,
        new Uint8Array(type.buffer),
        bytes,
        new Uint8Array(size.buffer),
      );
      if (status === WINDOWS_ERRORS.FILE_NOT_FOUND) return undefined;
      if (status === WINDOWS_ERRORS.SUCCESS) {
        return { type: type[0]!, bytes: bytes.slice(0, size[0]), size: size[0]! };
      }
      if (status !== WINDOWS_ERRORS.MORE_DATA) windowsCall(status, `read HKLM\\${path}!${name}`);
      if (size[0]! > VALUE_BYTES_MAX) {
        return { type: type[0]!, bytes: new Uint8Array(0), size: size[0]! };
      }
      bytes = new Uint8Array(size[0]!);
    }
    windowsCall(WINDOWS_ERRORS.MORE_DATA, `read HKLM\\${path}!${name}`);
    return undefined;
  }
}

/** The machine's registry. Needs `--allow-ffi` for advapi32; nothing is loaded before its use. */
export const systemHive: RegistryHive = new SystemHive();
