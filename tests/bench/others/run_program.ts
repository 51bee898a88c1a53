/** Runs a program to its end. @throws {RangeError} With what it said, when it fails. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    ...options,
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new RangeError(`Cannot run ${program}: ${decoder.decode(stderr).slice(-2000)}`);
}
