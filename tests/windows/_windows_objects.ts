/** Objects of Windows that tests make by themselves. */
import { wideText } from "../../host/windows/wide_text.ts";

const OWNER_AND_LIST = 5;
const SE_FILE_OBJECT = 1;

function load() {
  const kernel32 = Deno.dlopen("kernel32.dll", {
    CreateMutexW: { parameters: ["usize", "i32", "buffer"], result: "usize" },
    CreateEventW: { parameters: ["buffer", "i32", "i32", "buffer"], result: "usize" },
    CloseHandle: { parameters: ["usize"], result: "i32" },
    GetLastError: { parameters: [], result: "u32" },
  }).symbols;
  const advapi32 = Deno.dlopen("advapi32.dll", {
    ConvertStringSecurityDescriptorToSecurityDescriptorW: {
      parameters: ["buffer", "u32", "buffer", "usize"],
      result: "i32",
    },
    ConvertSecurityDescriptorToStringSecurityDescriptorW: {
      parameters: ["usize", "u32", "u32", "buffer", "usize"],
      result: "i32",
    },
    GetNamedSecurityInfoW: {
      parameters: ["buffer", "u32", "u32", "usize", "usize", "usize", "usize", "buffer"],
      result: "u32",
    },
  }).symbols;
  return { kernel32, advapi32 };
}

let loaded: ReturnType<typeof load> | undefined;

/** A place for a pointer or handle that a function writes. */
class Out {
  readonly bytes = new Uint8Array(8);
  get value(): bigint {
    return new DataView(this.bytes.buffer).getBigUint64(0, true);
  }
}

function wideAt(address: bigint): string {
  const view = new Deno.UnsafePointerView(Deno.UnsafePointer.create(address)!);
  let text = "";
  for (let at = 0, unit; (unit = view.getUint16(at)) !== 0; at += 2) {
    text += String.fromCharCode(unit);
  }
  return text;
}

/** Owner and rights of a file or folder in the language of security descriptors. */
export function rightsOf(path: string): string {
  const { advapi32 } = loaded ??= load();
  const descriptor = new Out();
  const failed = advapi32.GetNamedSecurityInfoW(
    wideText(path),
    SE_FILE_OBJECT,
    OWNER_AND_LIST,
    0n,
    0n,
    0n,
    0n,
    descriptor.bytes,
  );
  if (failed !== 0) throw new RangeError(`the rights of ${path} cannot be read: ${failed}`);
  const text = new Out();
  advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(
    descriptor.value,
    1,
    OWNER_AND_LIST,
    text.bytes,
    0n,
  );
  return wideAt(text.value);
}

function held(handle: number | bigint, what: string): Disposable {
  const { kernel32 } = loaded ??= load();
  if (Number(handle) === 0) throw new RangeError(`no ${what}: error ${kernel32.GetLastError()}`);
  return { [Symbol.dispose]: () => void kernel32.CloseHandle(BigInt(handle)) };
}

/** Holds a mutex of this name. */
export function holdMutex(name: string): Disposable {
  const { kernel32 } = loaded ??= load();
  return held(kernel32.CreateMutexW(0n, 0, wideText(name)), "mutex");
}

/** Holds an event of this name with an owner and rights of its own. */
export function holdEvent(name: string, rights: string): Disposable {
  const { kernel32, advapi32 } = loaded ??= load();
  const descriptor = new Out();
  advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
    wideText(rights),
    1,
    descriptor.bytes,
    0n,
  );
  const attributes = new DataView(new ArrayBuffer(24));
  attributes.setUint32(0, 24, true);
  attributes.setBigUint64(8, descriptor.value, true);
  const event = kernel32.CreateEventW(new Uint8Array(attributes.buffer), 0, 0, wideText(name));
  return held(event, "event");
}
