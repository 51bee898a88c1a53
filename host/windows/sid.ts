/** A security identifier, the name that Windows has for accounts, as text and as bytes. */
export const sid = {
  /** @param text Such as `S-1-5-18`. @returns Its bytes, as Windows' functions take them. */
  bytes(text: string): Uint8Array<ArrayBuffer> {
    const [revision = 0, authority = 0, ...parts] = text.split("-").slice(1).map(Number);
    const view = new DataView(new ArrayBuffer(8 + 4 * parts.length));
    view.setUint8(0, revision);
    view.setUint8(1, parts.length);
    view.setUint16(2, Math.floor(authority / 2 ** 32));
    view.setUint32(4, authority >>> 0);
    for (const [index, part] of parts.entries()) view.setUint32(8 + 4 * index, part, true);
    return new Uint8Array(view.buffer);
  },

  /** @returns The one that stands at a place. @throws {RangeError} When it is cut off. */
  at(view: DataView, at: number): string {
    const count = view.getUint8(at + 1);
    let authority = 0;
    for (let index = 2; index < 8; index++) authority = authority * 256 + view.getUint8(at + index);
    const part = (_: unknown, index: number): number => view.getUint32(at + 8 + 4 * index, true);
    return ["S", view.getUint8(at), authority, ...Array.from({ length: count }, part)].join("-");
  },
} as const;
