import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type HostPlaces, ROOT } from "./host_process.ts";

/** What a command has said. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a task of `deno.json` on a world as `deno task` does, with exactly its permissions. */
export async function task(world: HostPlaces, line: string): Promise<Said> {
  const words = line.split(" ");
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const flags = (tasks[words[0]!] as string).replace(/"\$\(.*\)"/, Deno.execPath()).split(" ");
  const hasRegistry = words[0] !== "dead" && words[1] !== "release";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...flags.slice(flags.indexOf("run")),
      ...words.slice(1),
      `--state=${world.folder}`,
      `--journal=${world.journal}`,
      ...(hasRegistry ? [`--registry=${world.registry}`] : []),
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** As {@linkcode task}; wants it to end well, and gives what it printed. */
export async function done(world: HostPlaces, line: string): Promise<string> {
  const { code, stdout, stderr } = await task(world, line);
  assertEquals(code, 0, `${line}: ${stderr}${stdout}`);
  return stdout;
}
