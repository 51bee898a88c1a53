/** What becomes of a command's stdout: it is shown as it comes, kept, or both. */
export type Stdout = "shown" | "kept" | "both";

/**
 * Runs a command to its end.
 *
 * @returns The exit code, and what it wrote to stdout when that was kept.
 */
export async function runWords(
  words: readonly string[],
  stdout: Stdout,
): Promise<[code: number, said: string]> {
  const child = new Deno.Command(words[0]!, {
    args: words.slice(1),
    stdin: "inherit",
    stdout: stdout === "shown" ? "inherit" : "piped",
  }).spawn();
  let said = "";
  if (stdout !== "shown") {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      if (stdout === "both") show(chunk);
      said += decoder.decode(chunk, { stream: true });
    }
  }
  return [(await child.status).code, said];
}

/** Writes all of it to stdout. */
function show(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
