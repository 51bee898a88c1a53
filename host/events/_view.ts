/** Looks at the same bytes through a `DataView`; costs nothing when it already is one. */
export function viewOf(buffer: Uint8Array | DataView): DataView {
  return buffer instanceof DataView
    ? buffer
    : new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
