import { spawnPiped } from "./_spawn_piped.ts";
import { windowsPool } from "./_windows_pool.ts";
import type { ChildCommand, PluginChild } from "./plugin_child.ts";

/**
 * Starts a process whose streams are all piped: on Windows from a worker, for the reason told at
 * `ChildPool`.
 *
 * @throws When the system refuses.
 */
export async function spawnChild(command: ChildCommand): Promise<PluginChild> {
  if (Deno.build.os === "windows") return await windowsPool().spawn(command);
  return spawnPiped(command);
}
