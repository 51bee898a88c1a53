import type { InstallLayout } from "./install_layout.ts";

/** A text in a command file: % begins a variable there. */
const quoted = (text: string): string => `"${text.replaceAll("%", "%%")}"`;

/**
 * The command file that the scheduled task runs: a task can neither set an environment nor keep
 * what a program writes.
 *
 * @param flags The flags of `deno run` that the task `host` of deno.json has.
 */
export function launcherText(layout: InstallLayout, flags: readonly string[]): string {
  const { dll, deno, app, cache, log, errors } = layout;
  const main = `${app}\\host\\main.ts`;
  return [
    "@echo off",
    "rem Runs the Onhook host at the start of the machine; made by deno task install.",
    `set "DENO_DIR=${cache.replaceAll("%", "%%")}"`,
    "set DENO_NO_UPDATE_CHECK=1",
    "set NO_COLOR=1",
    `cd /d ${quoted(app)}`,
    `${quoted(deno)} run ${flags.join(" ")} --allow-run=${quoted(deno)} --cached-only ` +
    `${quoted(main)} host --library=${quoted(dll)} --log=${quoted(log)} 2>${quoted(errors)}`,
    // What the host ended with, so that the task knows whether to start it again.
    "exit /b %errorlevel%",
    "",
  ].join("\r\n");
}
