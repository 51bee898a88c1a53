import { InputError } from "../internal/errors.ts";

/** What is told of a Windows program or library from its file alone. */
export interface PeFile {
  /** `"x64"`, `"x86"`, `"arm64"`, or `unknown(0x…)`. */
  readonly architecture: string;
  /** Whether it is a library and no program. */
  readonly isLibrary: boolean;
  /** Names of the functions that it exports, in the file's order. */
  readonly exports: readonly string[];
  /** Names of the libraries that it imports, in the file's order. */
  readonly imports: readonly string[];
  /** The file's version, such as `"0.1.0.0"`; `undefined` without a version resource. */
  readonly version: string | undefined;
  readonly hardening: PeHardening;
}

/** What the linker lets Windows do for safety. */
export interface PeHardening {
  /** Its address is random (ASLR), and can be, since it has relocations. */
  readonly randomAddress: boolean;
  /** Random in 64 bits. */
  readonly highEntropy: boolean;
  /** Data cannot be executed (DEP). */
  readonly noExecuteData: boolean;
  /** Calls through pointers are checked (Control Flow Guard). */
  readonly controlFlowGuard: boolean;
  /** No part of the file is both writable and executable. */
  readonly noWritableCode: boolean;
}

const ARCHITECTURES: Readonly<Record<number, string>> = {
  0x8664: "x64",
  0x14c: "x86",
  0xaa64: "arm64",
};

/** Bits of `DllCharacteristics`. */
const HIGH_ENTROPY_VA = 0x20;
const DYNAMIC_BASE = 0x40;
const NX_COMPAT = 0x100;
const GUARD_CF = 0x4000;

/** Bits of the file header's and the sections' characteristics. */
const RELOCS_STRIPPED = 1;
const DLL = 0x2000;
const EXECUTE = 0x2000_0000;
const WRITE = 0x8000_0000;

/** Data directories. */
const EXPORTS = 0;
const IMPORTS = 1;
const RESOURCES = 2;

const RT_VERSION = 16;
/** Where `VS_FIXEDFILEINFO` stands in a version resource, and how it begins. */
const FIXED_INFO = 40;
const FIXED_INFO_MAGIC = 0xfeef_04bd;
const NAME_BYTES_MAX = 512;
const NAMES_MAX = 65_536;
const LIBRARIES_MAX = 1024;
const SECTIONS_MAX = 96;

/**
 * Reads what a Windows library exports and imports, from its bytes; nothing of it is loaded.
 *
 * The file may come from anybody: every offset in it is checked, and lists are bounded.
 *
 * Source: Microsoft, "PE Format".
 *
 * @param bytes The whole file.
 * @param source What the error calls it, such as its path.
 * @throws {InputError} When it is no PE file, or one that contradicts itself.
 */
export function peFile(bytes: Uint8Array, source: string): PeFile {
  try {
    return new PeReader(bytes).read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const found = bytes.length < 64 || bytes[0] !== 0x4d || bytes[1] !== 0x5a
      ? "a file that is none"
      : "one that is cut short or contradicts itself";
    const problem = { source, place: "the file", found, wanted: "a Windows program or library" };
    throw new InputError("Cannot read the library", [problem], { cause: error });
  }
}

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
  readonly flags: number;
}

/** Reads with a `DataView`, which throws a `RangeError` for everything outside of the file. */
class PeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #sections: readonly Section[] = [];
  /** Offset of the optional header, and of the data directories in it. */
  #optional = 0;
  #directories = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PeFile {
    const header = this.#u32(0x3c);
    if (this.#u16(0) !== 0x5a4d || this.#u32(header) !== 0x4550) throw new RangeError("no magic");
    const machine = this.#u16(header + 4);
    const flags = this.#u16(header + 22);
    this.#optional = header + 24;
    const is64 = this.#u16(this.#optional) === 0x20b;
    this.#directories = this.#optional + (is64 ? 112 : 96);
    this.#readSections(this.#optional + this.#u16(header + 20), this.#u16(header + 6));
    const dll = this.#u16(this.#optional + 70);
    return {
      architecture: ARCHITECTURES[machine] ?? `unknown(0x${machine.toString(16)})`,
      isLibrary: (flags & DLL) !== 0,
      exports: this.#exports(),
      imports: this.#imports(),
      version: this.#version(),
      hardening: {
        randomAddress: (dll & DYNAMIC_BASE) !== 0 && (flags & RELOCS_STRIPPED) === 0,
        highEntropy: (dll & HIGH_ENTROPY_VA) !== 0,
        noExecuteData: (dll & NX_COMPAT) !== 0,
        controlFlowGuard: (dll & GUARD_CF) !== 0,
        noWritableCode: this.#sections.every(({ flags }) =>
          (flags & EXECUTE) === 0 || (flags & WRITE) === 0
        ),
      },
    };
  }

  #readSections(start: number, count: number): void {
    if (count > SECTIONS_MAX) throw new RangeError("too many sections");
    this.#sections = Array.from({ length: count }, (_, index) => {
      const at = start + index * 40;
      return {
        address: this.#u32(at + 12),
        size: Math.max(this.#u32(at + 8), this.#u32(at + 16)),
        offset: this.#u32(at + 20),
        flags: this.#u32(at + 36),
      };
    });
  }

  #exports(): string[] {
    const table = this.#directory(EXPORTS);
    if (table === undefined) return [];
    const count = this.#u32(table + 24);
    if (count === 0) return [];
    if (count > NAMES_MAX) throw new RangeError("too many names");
    const names = this.#place(this.#u32(table + 32));
    return Array.from({ length: count }, (_, i) => this.#name(this.#u32(names + i * 4)));
  }

  #imports(): string[] {
    const table = this.#directory(IMPORTS);
    const found: string[] = [];
    if (table === undefined) return found;
    for (let at = table;; at += 20) {
      const name = this.#u32(at + 12);
      if (name === 0) return found;
      if (found.length === LIBRARIES_MAX) throw new RangeError("too many libraries");
      found.push(this.#name(name));
    }
  }

  /** Down the tree of resources: the type, the first of its names, the first language of that. */
  #version(): string | undefined {
    const root = this.#directory(RESOURCES);
    const type = root === undefined ? undefined : this.#resource(root, root, RT_VERSION);
    if (root === undefined || type === undefined) return undefined;
    const language = this.#resource(root, type);
    const data = language === undefined ? undefined : this.#resource(root, language);
    if (data === undefined) return undefined;
    const at = this.#place(this.#u32(data)) + FIXED_INFO;
    if (this.#u32(at) !== FIXED_INFO_MAGIC) return undefined;
    return [at + 10, at + 8, at + 14, at + 12].map((place) => this.#u16(place)).join(".");
  }

  /** The place of an entry in a folder of resources, the first one when no id is given. */
  #resource(root: number, folder: number, id?: number): number | undefined {
    const count = this.#u16(folder + 12) + this.#u16(folder + 14);
    for (let i = 0; i < count; i++) {
      const entry = folder + 16 + i * 8;
      if (id !== undefined && this.#u32(entry) !== id) continue;
      return root + (this.#u32(entry + 4) & 0x7fff_ffff);
    }
    return undefined;
  }

  /** Offset of what a data directory points to. */
  #directory(index: number): number | undefined {
    const count = this.#u32(this.#directories - 4);
    if (index >= count) return undefined;
    const address = this.#u32(this.#directories + index * 8);
    return address === 0 ? undefined : this.#place(address);
  }

  /** The offset in the file of an address in memory. */
  #place(address: number): number {
    const section = this.#sections.find(({ address: start, size }) =>
      address >= start && address < start + size
    );
    if (section === undefined) throw new RangeError("an address outside of all sections");
    return section.offset + (address - section.address);
  }

  #name(address: number): string {
    const start = this.#place(address);
    const end = this.#bytes.indexOf(0, start);
    if (end < 0 || end - start > NAME_BYTES_MAX) throw new RangeError("a name without an end");
    return String.fromCharCode(...this.#bytes.subarray(start, end));
  }

  #u16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  #u32(at: number): number {
    return this.#view.getUint32(at, true);
  }
}
