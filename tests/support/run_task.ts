import { join } from "@std/path";
import { type HostPlaces, ROOT } from "./host_process.ts";

/** What a command came to. */
export interface TaskResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a task of `deno.json` on the store of a test, with the permissions that stand there. */
export async function runTask(
  world: HostPlaces,
  task: string,
  ...args: readonly string[]
): Promise<TaskResult> {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...(tasks[task] as string).split(" ").slice(1), ...args, `--journal=${world.journal}`],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
