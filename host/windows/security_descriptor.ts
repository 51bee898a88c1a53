import type { AllowedRight } from "./allowed_right.ts";
import { sid } from "./sid.ts";

/** Who owns something and who may do what with it. */
export interface SecurityDescriptor {
  /** The owner's SID, undefined when it was not asked for. */
  readonly owner: string | undefined;
  /** Whether rights of the folder above do not come in. */
  readonly isProtected: boolean;
  /** What is allowed; undefined when there is no list, which allows everything to everybody. */
  readonly allowed: readonly AllowedRight[] | undefined;
}

const SELF_RELATIVE = 0x8000;
const HEADER_BYTES = 20;
const LIST_BYTES = 8;
const ENTRY_BYTES = 8;
const CONTROL = { hasList: 0x4, isProtected: 0x1000 };
/** Kinds of entries that allow: plain, of an object, with a condition, both. */
const ALLOWING = new Set([0, 5, 9, 11]);
const OF_OBJECTS = new Set([5, 11]);
const ENTRIES_MAX = 4096;

function allowedAt(view: DataView, list: number): AllowedRight[] {
  const count = Math.min(view.getUint16(list + 4, true), ENTRIES_MAX);
  const allowed: AllowedRight[] = [];
  let at = list + 8;
  for (let index = 0; index < count; index++) {
    const kind = view.getUint8(at);
    if (ALLOWING.has(kind)) {
      let who = at + 8;
      if (OF_OBJECTS.has(kind)) {
        const present = view.getUint32(at + 8, true);
        who += 4 + (present & 1 ? 16 : 0) + (present & 2 ? 16 : 0);
      }
      allowed.push({
        sid: sid.at(view, who),
        mask: view.getUint32(at + 4, true),
        // Whether it was inherited does not matter.
        flags: view.getUint8(at + 1) & 0xf,
      });
    }
    at += view.getUint16(at + 2, true);
  }
  return allowed;
}

/**
 * Reads a security descriptor in its self-relative form.
 *
 * Source: SECURITY_DESCRIPTOR_RELATIVE, ACL and ACE of winnt.h; [MS-DTYP] 2.4.
 *
 * @param bytes As GetFileSecurityW gives it.
 * @throws {RangeError} When it is cut off.
 */
export function readSecurityDescriptor(bytes: Uint8Array): SecurityDescriptor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const control = view.getUint16(2, true);
  const owner = view.getUint32(4, true);
  const list = view.getUint32(16, true);
  const hasList = (control & CONTROL.hasList) !== 0 && list !== 0;
  return {
    owner: owner === 0 ? undefined : sid.at(view, owner),
    isProtected: (control & CONTROL.isProtected) !== 0,
    allowed: hasList ? allowedAt(view, list) : undefined,
  };
}

/**
 * Writes a security descriptor in its self-relative form: these rights and no others, none from
 * above, no owner.
 */
export function writeSecurityDescriptor(
  rights: readonly AllowedRight[],
): Uint8Array<ArrayBuffer> {
  const entries = rights.map(({ sid: name, mask, flags }) => {
    const who = sid.bytes(name);
    const view = new DataView(new ArrayBuffer(ENTRY_BYTES + who.length));
    view.setUint8(1, flags);
    view.setUint16(2, view.byteLength, true);
    view.setUint32(4, mask, true);
    new Uint8Array(view.buffer).set(who, ENTRY_BYTES);
    return new Uint8Array(view.buffer);
  });
  const listBytes = entries.reduce((sum, { length }) => sum + length, LIST_BYTES);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + listBytes));
  view.setUint8(0, 1);
  view.setUint16(2, SELF_RELATIVE | CONTROL.hasList | CONTROL.isProtected, true);
  view.setUint32(16, HEADER_BYTES, true);
  view.setUint8(HEADER_BYTES, 2);
  view.setUint16(HEADER_BYTES + 2, listBytes, true);
  view.setUint16(HEADER_BYTES + 4, entries.length, true);
  const bytes = new Uint8Array(view.buffer);
  let at = HEADER_BYTES + LIST_BYTES;
  for (const entry of entries) {
    bytes.set(entry, at);
    at += entry.length;
  }
  return bytes;
}
