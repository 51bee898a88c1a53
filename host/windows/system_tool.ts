import { systemFolder } from "./system_folder.ts";

/** What a program of Windows said. */
export interface ToolOutput {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of Windows from its own folder, never one of the same name elsewhere. Needs
 * `--allow-run` for its path.
 *
 * @param name Such as `schtasks`.
 * @returns What it said; without success and with the reason when it is not there.
 */
export async function systemTool(name: string, args: readonly string[]): Promise<ToolOutput> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(`${systemFolder()}\\${name}.exe`, {
      args: [...args],
      stdin: "null",
    }).output();
    return { success, stdout: decoded(stdout), stderr: decoded(stderr) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { success: false, stdout: "", stderr: reason };
  }
}

/** Some write UTF-16, others the console's code page, of which ASCII is read right. */
function decoded(bytes: Uint8Array): string {
  const isWide = bytes.length >= 2 && (bytes[1] === 0 || (bytes[0] === 0xff && bytes[1] === 0xfe));
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}
