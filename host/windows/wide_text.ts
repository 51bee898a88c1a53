/** @returns The text as UTF-16 with a NUL behind it, as Windows wants texts to be passed. */
export function wideText(text: string): Uint8Array<ArrayBuffer> {
  const units = new Uint16Array(text.length + 1);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  return new Uint8Array(units.buffer);
}
