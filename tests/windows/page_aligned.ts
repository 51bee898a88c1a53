const PAGE = 0x1000;

/** Offsets in a PE file, from its header and from its optional header on. */
const AT = { header: 0x3c, sections: 6, optionalBytes: 20, optional: 24 } as const;
const OPTIONAL = { fileAlignment: 36, headerBytes: 60, signature: 144 } as const;
const SECTION = { size: 40, rawBytes: 16, rawOffset: 20 } as const;

/**
 * The same program for x64 with its sections at whole pages of the file. Wine maps these; the ones of
 * any other it copies with each start, which for Deno's 93 MB takes a third of the start.
 *
 * Source: Microsoft, "PE Format".
 */
export function pageAligned(program: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const header = view.getUint32(AT.header, true);
  const optional = header + AT.optional;
  const headerBytes = view.getUint32(optional + OPTIONAL.headerBytes, true);
  const table = optional + view.getUint16(header + AT.optionalBytes, true);
  const sections = Array.from({ length: view.getUint16(header + AT.sections, true) }, (_, i) => {
    const place = table + i * SECTION.size;
    const offset = view.getUint32(place + SECTION.rawOffset, true);
    const bytes = view.getUint32(place + SECTION.rawBytes, true);
    return { place, data: program.subarray(offset, offset + bytes) };
  });
  const pages = (bytes: number) => Math.ceil(bytes / PAGE) * PAGE;
  const length = sections.reduce((sum, { data }) => sum + pages(data.length), pages(headerBytes));
  const aligned = new Uint8Array(length);
  aligned.set(program.subarray(0, headerBytes));
  const out = new DataView(aligned.buffer);
  out.setUint32(optional + OPTIONAL.fileAlignment, PAGE, true);
  out.setUint32(optional + OPTIONAL.headerBytes, pages(headerBytes), true);
  // It is about the file as it was.
  out.setBigUint64(optional + OPTIONAL.signature, 0n, true);
  let at = pages(headerBytes);
  for (const { place, data } of sections) {
    aligned.set(data, at);
    out.setUint32(place + SECTION.rawBytes, pages(data.length), true);
    out.setUint32(place + SECTION.rawOffset, at, true);
    at += pages(data.length);
  }
  return aligned;
}
