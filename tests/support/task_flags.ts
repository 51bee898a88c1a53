import { fromFileUrl } from "@std/path";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** What stands behind `deno` in a task of `deno.json`, as the shell of `deno task` gives it. */
export function taskFlags(task: string): string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(CONFIG));
  const words = (tasks[task] as string).replace(/"\$\(.*\)"/, Deno.execPath()).split(" ");
  return words.slice(words.indexOf("run"));
}
