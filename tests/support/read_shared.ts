/** Reads a text to which plugins append by `appendLine`; on Windows nobody reads what is locked. */
export function readShared(path: string): string {
  if (Deno.build.os !== "windows") return Deno.readTextFileSync(path);
  using file = Deno.openSync(path);
  file.lockSync();
  const bytes = new Uint8Array(file.statSync().size);
  let read = 0;
  for (let count; read < bytes.length && (count = file.readSync(bytes.subarray(read)));) {
    read += count;
  }
  return new TextDecoder().decode(bytes.subarray(0, read));
}
