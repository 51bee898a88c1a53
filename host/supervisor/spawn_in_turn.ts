import { windowsPool } from "./_windows_pool.ts";

/**
 * Lets something start a process while no plugin is started, on Windows, where it would get the
 * plugin's pipes too and keep them open. Only the start is waited for, not the process's end.
 */
export async function spawnInTurn(spawn: () => Deno.ChildProcess): Promise<Deno.ChildProcess> {
  return Deno.build.os === "windows" ? await windowsPool().inTurn(spawn) : spawn();
}
