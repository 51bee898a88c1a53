/**
 * Runs a command to its end, and shows what it writes.
 *
 * @param keeps Whether what it writes to stdout is also given back.
 * @returns The exit code, and what it wrote.
 */
export async function runWords(
  words: readonly string[],
  keeps: boolean,
): Promise<[code: number, said: string]> {
  const child = new Deno.Command(words[0]!, {
    args: words.slice(1),
    stdin: "inherit",
    stdout: keeps ? "piped" : "inherit",
  }).spawn();
  let said = "";
  if (keeps) {
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      for (let at = 0; at < chunk.length;) at += Deno.stdout.writeSync(chunk.subarray(at));
      said += decoder.decode(chunk, { stream: true });
    }
  }
  return [(await child.status).code, said];
}
