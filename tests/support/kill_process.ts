import { isRunning } from "./is_running.ts";

/** Kills a process without a word; it may have ended by itself. */
export async function killProcess(pid: number): Promise<void> {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (await isRunning(pid)) throw error;
  }
}
