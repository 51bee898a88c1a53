const encoder = new TextEncoder();

/** Writes text to standard error, all of it; a closed or full one must not stop anything. */
export function writeStderr(text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let offset = 0; offset < bytes.byteLength;) {
      offset += Deno.stderr.writeSync(bytes.subarray(offset));
    }
  } catch {
    // Nobody is there who could be told.
  }
}
