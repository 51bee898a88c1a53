import { fromFileUrl } from "@std/path";
import type { OnhookEvent } from "onhook";
import type { LoggedLine } from "./recording_context.ts";
import type { RegistryEntry } from "./registry_entry.ts";

/** One plugin to run as a process of its own. */
export interface RunPluginOptions {
  /** Where the plugin's module is. */
  module: URL;
  /** Its grants and its configuration, usually straight from the registry. */
  entry: Pick<RegistryEntry, "permissions" | "config">;
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

interface InfoModule {
  readonly local?: string;
  readonly specifier?: string;
}

async function deno(args: string[], options: Deno.CommandOptions = {}): Promise<string> {
  const output = await new Deno.Command(Deno.execPath(), { args, ...options }).output();
  const decoder = new TextDecoder();
  if (!output.success) throw new Error(decoder.decode(output.stderr));
  return decoder.decode(output.stdout);
}

/** The files that the module consists of: what it needs read permission for to be loaded at all. */
async function ownFiles(module: URL): Promise<string[]> {
  const { modules }: { modules: InfoModule[] } = JSON.parse(
    await deno(["info", "--json", module.href]),
  );
  return modules.flatMap((m) => m.specifier?.startsWith("file:") && m.local ? [m.local] : []);
}

function flagsOf(entry: RunPluginOptions["entry"], readable: string[]): string[] {
  const { read = [], write = [], net = [], env = [], sys = [] } = entry.permissions ?? {};
  const granted = { read: [...readable, ...read], write, net, env, sys };
  return Object.entries(granted).flatMap(([kind, values]) =>
    values.length === 0 ? [] : [`--allow-${kind}=${values.join(",")}`]
  );
}

/**
 * Loads a plugin in a child process with the permissions of its registry entry and no others,
 * hands it the events one after the other, and stops it.
 */
export async function runPlugin(options: RunPluginOptions): Promise<PluginRun> {
  const child = new URL("./child.ts", import.meta.url);
  const { denoDir }: { denoDir: string } = JSON.parse(await deno(["info", "--json"]));
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-remote",
      "--cached-only",
      `--config=${fromFileUrl(new URL("../../deno.json", import.meta.url))}`,
      ...flagsOf(options.entry, await ownFiles(options.module)),
      fromFileUrl(child),
    ],
    cwd: options.folder,
    clearEnv: true,
    env: { DENO_DIR: denoDir, NO_COLOR: "1", ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const order = {
    module: options.module.href,
    config: options.entry.config ?? {},
    events: options.events,
  };
  const writing = new Blob([JSON.stringify(order)]).stream().pipeTo(process.stdin);
  const [output] = await Promise.all([process.output(), writing]);
  return runOf(output);
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
