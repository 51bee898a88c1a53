/** Appends a line to a file that other processes append to as well. */
export function appendLine(path: string, line: string): void {
  using file = Deno.openSync(path, { append: true });
  // Under Wine, two that append at the same time write over each other.
  if (Deno.build.os === "windows") file.lockSync(true);
  file.writeSync(new TextEncoder().encode(`${line}\n`));
}
