import { fromFileUrl } from "@std/path";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/**
 * What stands behind `deno` in a task of `deno.json`, as the shell of `deno task` gives it, and `--quiet`:
 * which packages Deno downloads and which programs it does not find differs from machine to machine.
 */
export function taskFlags(task: string): string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(CONFIG));
  const words = (tasks[task] as string).replace(/"\$\(.*\)"/, Deno.execPath()).split(" ");
  return ["run", "--quiet", ...words.slice(words.indexOf("run") + 1)];
}
