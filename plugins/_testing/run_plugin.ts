import { fromFileUrl } from "@std/path";
import type { OnhookEvent } from "onhook";
import { buildFlags } from "../../host/supervisor/build_flags.ts";
import { lockPathFor, readLockFile } from "../../host/supervisor/lock_file.ts";
import { moduleGraph } from "../../host/supervisor/module_graph.ts";
import type { LoggedLine } from "./recording_context.ts";
import type { RegistryEntry } from "./registry_entry.ts";

/** One plugin to run as a process of its own. */
export interface RunPluginOptions {
  /** Where the plugin's module is. */
  module: URL;
  /** Its grants and its configuration, usually straight from the registry. */
  entry: Pick<RegistryEntry, "id" | "permissions" | "config" | "memoryMb">;
  /** What it is given, one after the other. */
  events: readonly OnhookEvent[];
  /** Stands for the registry's folder: relative paths mean this one. */
  folder: string;
  /** Values of the granted environment variables. */
  env?: Record<string, string>;
}

/** What came of it. */
export interface PluginRun {
  /** What the plugin logged. */
  lines: LoggedLine[];
  /** Ids of the events whose handler settled well. */
  settled: string[];
  /** Events whose handler failed, with the error's name and text. */
  failed: { id: string; error: string }[];
  /** Why the plugin could not be loaded, configured, started or stopped. */
  refused?: string;
  /** Exit code of the process. */
  code: number;
  /** What the process wrote to stderr. */
  stderr: string;
}

const CONFIG_PATH = fromFileUrl(new URL("../../deno.json", import.meta.url));
const LOCK_PATH = fromFileUrl(new URL("../../deno.lock", import.meta.url));
const CHILD_PATH = fromFileUrl(new URL("./child.ts", import.meta.url));

/** The cache of npm packages of the Deno that runs the test. */
async function denoFolder(): Promise<string> {
  const args = ["info", "--json", "--no-config"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/**
 * Loads a plugin in a process of its own with the flags that the host would give it, hands it the
 * events one after the other, and stops it.
 */
export async function runPlugin(options: RunPluginOptions): Promise<PluginRun> {
  const { entry, events, folder, module, env = {} } = options;
  const { files, packages } = await moduleGraph(
    { path: fromFileUrl(module), baseFolder: folder, permissions: entry.permissions },
    CONFIG_PATH,
  );
  const flags = buildFlags({
    plugin: entry.id,
    modules: files,
    permissions: entry.permissions,
    memoryMb: entry.memoryMb,
    configPath: CONFIG_PATH,
    lockPath: lockPathFor(packages, await readLockFile(LOCK_PATH)),
  });
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, CHILD_PATH],
    cwd: folder,
    clearEnv: true,
    env: { DENO_DIR: await denoFolder(), NO_COLOR: "1", ...systemRoot(), ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const order = { module: module.href, config: entry.config, events };
  const writing = new Blob([JSON.stringify(order)]).stream().pipeTo(process.stdin);
  const [output] = await Promise.all([process.output(), writing]);
  return runOf(output);
}

/** Without this variable no process can open a socket on Windows. */
function systemRoot(): Record<string, string> {
  const value = Deno.build.os === "windows" ? Deno.env.get("SystemRoot") : undefined;
  return value === undefined ? {} : { SystemRoot: value };
}

function runOf(output: Deno.CommandOutput): PluginRun {
  const decoder = new TextDecoder();
  const run: PluginRun = {
    lines: [],
    settled: [],
    failed: [],
    code: output.code,
    stderr: decoder.decode(output.stderr),
  };
  for (const line of decoder.decode(output.stdout).split("\n")) {
    if (line === "") continue;
    const { kind, ...answer } = JSON.parse(line);
    if (kind === "log") run.lines.push(answer);
    if (kind === "settled") run.settled.push(answer.id);
    if (kind === "failed") run.failed.push(answer);
    if (kind === "refused") run.refused = answer.error;
  }
  return run;
}
