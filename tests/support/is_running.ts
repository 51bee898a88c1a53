import { kernel32 } from "../../host/windows/kernel32.ts";

const SYNCHRONIZE = 0x10_0000;
const WAIT_TIMEOUT = 258;

/** Whether a process runs; one that is dead and not yet fetched does not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (Deno.build.os !== "windows") {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "")[0] !== "Z";
    } catch {
      return false;
    }
  }
  const { OpenProcess, WaitForSingleObject, CloseHandle } = kernel32();
  const handle = BigInt(OpenProcess(SYNCHRONIZE, 0, pid));
  if (handle === 0n) return false;
  const isOver = await WaitForSingleObject(handle, 0) !== WAIT_TIMEOUT;
  CloseHandle(handle);
  return !isOver;
}
