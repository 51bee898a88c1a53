import { MachineError } from "../internal/errors.ts";
import { systemTool } from "../windows/system_tool.ts";

async function schtasks(args: readonly string[]): Promise<{ isDone: boolean; text: string }> {
  const { success, stdout, stderr } = await systemTool("schtasks", args);
  return { isDone: success, text: success ? stdout : stderr || stdout };
}

function checked({ isDone, text }: { isDone: boolean; text: string }): void {
  if (!isDone) throw new MachineError(`schtasks.exe refused: ${text.trim() || "it said nothing"}`);
}

/** The scheduled tasks of the machine, by way of `schtasks.exe`, which every Windows has. */
export const scheduledTasks = {
  /** A task in XML, undefined when there is none. */
  async definition(name: string): Promise<string | undefined> {
    const { isDone, text } = await schtasks(["/Query", "/TN", name, "/XML"]);
    return isDone && text.includes("<Task") ? text : undefined;
  },

  /** Makes or replaces a task. @throws {MachineError} When Windows refuses. */
  async make(name: string, xml: string): Promise<void> {
    const file = await Deno.makeTempFile({ suffix: ".xml" });
    try {
      await Deno.writeFile(file, utf16(`\ufeff${xml}`));
      checked(await schtasks(["/Create", "/TN", name, "/XML", file, "/F"]));
    } finally {
      await Deno.remove(file);
    }
  },

  /** @throws {MachineError} When Windows refuses. */
  async remove(name: string): Promise<void> {
    // Ends the host hard when it has not stopped by itself.
    await schtasks(["/End", "/TN", name]);
    checked(await schtasks(["/Delete", "/TN", name, "/F"]));
  },
} as const;

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  return new Uint8Array(view.buffer);
}
