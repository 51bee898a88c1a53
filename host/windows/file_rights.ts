import { advapi32 } from "./advapi32.ts";
import { kernel32 } from "./kernel32.ts";
import {
  readSecurityDescriptor,
  type SecurityDescriptor,
  writeSecurityDescriptor,
} from "./security_descriptor.ts";
import { wideText } from "./wide_text.ts";
import { windowsCall } from "./windows_call.ts";
import type { AllowedRight } from "./allowed_right.ts";
import { sid } from "./sid.ts";

const OWNER = 0x1;
const LIST = 0x4;
const PROTECTED_LIST = 0x8000_0000;
const TOKEN_QUERY = 0x8;
const TOKEN_USER = 1;
/** Behind a pointer and the bits of the user in TOKEN_USER. */
const SID_OFFSET = 16;
const DESCRIPTOR_BYTES_MAX = 64 * 1024;

/** Rights of files and folders, as Windows keeps them. */
export const fileRights = {
  /** @throws {NativeError} When they may not be looked at. */
  bytes(path: string): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(DESCRIPTOR_BYTES_MAX);
    const needed = new Uint8Array(4);
    const { GetFileSecurityW } = advapi32();
    const isDone = GetFileSecurityW(wideText(path), OWNER | LIST, bytes, bytes.length, needed);
    if (isDone === 0) windowsCall(kernel32().GetLastError(), `look at the rights of ${path}`);
    return bytes.slice(0, new DataView(needed.buffer).getUint32(0, true) || bytes.length);
  },

  /** @throws {NativeError} When they may not be looked at. */
  read(path: string): SecurityDescriptor {
    return readSecurityDescriptor(fileRights.bytes(path));
  },

  /** Gives these rights and no others. @throws {NativeError} When Windows refuses. */
  write(path: string, rights: readonly AllowedRight[]): void {
    fileRights.writeBytes(path, writeSecurityDescriptor(rights));
  },

  /** Gives the rights back that `bytes` told of. @throws {NativeError} When Windows refuses. */
  writeBytes(path: string, descriptor: Uint8Array<ArrayBuffer>): void {
    const { isProtected } = readSecurityDescriptor(descriptor);
    const what = isProtected ? (LIST | PROTECTED_LIST) >>> 0 : LIST;
    if (advapi32().SetFileSecurityW(wideText(path), what, descriptor) === 0) {
      windowsCall(kernel32().GetLastError(), `set the rights of ${path}`);
    }
  },

  /** Whether this process has the rights of an administrator, and does not only might. */
  isAdministrator(): boolean {
    const out = new Uint8Array(4);
    const { CheckTokenMembership } = advapi32();
    const isDone = CheckTokenMembership(0n, sid.bytes("S-1-5-32-544"), out);
    return isDone !== 0 && out[0] !== 0;
  },

  /** The SID of the account that this process runs as, undefined when it is not told. */
  ownSid(): string | undefined {
    const { OpenProcessToken, GetTokenInformation } = advapi32();
    const { GetCurrentProcess, CloseHandle } = kernel32();
    const out = new BigUint64Array(1);
    const view = new Uint8Array(out.buffer);
    if (OpenProcessToken(BigInt(GetCurrentProcess()), TOKEN_QUERY, view) === 0) return undefined;
    const user = new Uint8Array(256);
    const needed = new Uint8Array(4);
    const isDone = GetTokenInformation(out[0]!, TOKEN_USER, user, user.length, needed);
    CloseHandle(out[0]!);
    return isDone === 0 ? undefined : sid.at(new DataView(user.buffer), SID_OFFSET);
  },
} as const;
