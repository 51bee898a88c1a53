import type { ChildCommand } from "./plugin_child.ts";

/**
 * Starts a process from here, with all of its streams piped and nothing of our environment.
 *
 * @throws When the system refuses.
 */
export function spawnPiped({ words, cwd, env }: ChildCommand): Deno.ChildProcess {
  return new Deno.Command(words[0]!, {
    args: words.slice(1),
    cwd,
    clearEnv: true,
    env: { ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}
