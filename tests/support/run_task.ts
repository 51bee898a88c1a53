import { assertEquals } from "@std/assert";
import type { HostPlaces } from "./host_process.ts";
import { runDeno, type Said } from "./run_deno.ts";
import { taskFlags } from "./task_flags.ts";

/** Commands that look at a store only, and have no registry. */
const WITHOUT_REGISTRY = /^(dead|stop|plugin release)\b/;

/**
 * Runs a task of `deno.json` on a world as `deno task` does, with exactly its permissions.
 *
 * @param line The task and its arguments, with single spaces between them.
 */
export async function runTask(world: HostPlaces, line: string): Promise<Said> {
  const [task, ...args] = line.split(" ");
  return await runDeno([
    ...taskFlags(task!),
    ...args,
    `--state=${world.folder}`,
    `--journal=${world.journal}`,
    ...(WITHOUT_REGISTRY.test(line) ? [] : [`--registry=${world.registry}`]),
  ]);
}

/** As {@linkcode runTask}; wants it to end well, and gives what it printed. */
export async function done(world: HostPlaces, line: string): Promise<string> {
  const { code, stdout, stderr } = await runTask(world, line);
  assertEquals(code, 0, `${line}: ${stderr}${stdout}`);
  return stdout;
}
