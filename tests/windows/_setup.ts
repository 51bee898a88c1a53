// deno-lint-ignore-file no-console
import { join } from "@std/path";

/** A step of the setup. */
export interface SetupStep {
  /** What it gives; also the name of the file that tells that it is done. */
  readonly name: string;
  /** Done again when this differs from what it was then. */
  readonly key: string;
  readonly run: () => Promise<void>;
}

/**
 * Runs the steps that have not been done yet, in order; a step that is done again makes those
 * behind it be done again. Two setups at the same time wait for each other.
 */
export async function runSetup(folder: string, steps: readonly SetupStep[]): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(join(folder, "lock"), { create: true, write: true });
  await lock.lock(true);
  let isStale = false;
  for (const { name, key, run } of steps) {
    const stamp = join(folder, `${name}.done`);
    const done = await Deno.readTextFile(stamp).catch(() => undefined);
    if (done === key && !isStale) continue;
    isStale = true;
    console.log(`setting up ${name} ${key}`);
    await run();
    await Deno.writeTextFile(stamp, key);
  }
}

/** Runs a command of the machine. @returns What it wrote to stdout. */
export async function runTool(
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<string> {
  const decoder = new TextDecoder();
  const { success, code, stdout, stderr } = await new Deno.Command(words[0]!, {
    args: words.slice(1),
    ...options,
  }).output();
  if (!success) {
    const said = (decoder.decode(stdout) + decoder.decode(stderr)).slice(-2000);
    throw new RangeError(`Cannot set up Wine: ${words.join(" ")} ended with ${code}:\n${said}`);
  }
  return decoder.decode(stdout);
}

/** Installs the Debian packages whose commands are missing. */
export async function installTools(packages: Readonly<Record<string, string>>): Promise<void> {
  const missing: string[] = [];
  for (const [command, name] of Object.entries(packages)) {
    const found = await new Deno.Command("sh", { args: ["-c", `command -v ${command}`] }).output();
    if (!found.success) missing.push(name);
  }
  if (missing.length === 0) return;
  console.log(`installing ${missing.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runTool(["apt-get", "update", "-qq"], { env });
  await runTool(["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing], {
    env,
  });
}
