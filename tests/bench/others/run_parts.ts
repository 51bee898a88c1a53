import { join } from "@std/path";
import type { Handled, Other, OtherRun } from "./other.ts";
import { runProgram } from "./run_program.ts";

const EVENTS = 400;
const EVENTS_QUICK = 120;
/** Each link's own daemon runs its scripts, so two may go on at a time. */
const AT_A_TIME = 2;

/** The way of ppp's `ip-down.d`: three shell scripts for each event. */
export const runParts: Other = {
  id: "run-parts",
  what: "3 shell scripts for each event by run-parts, as ppp's ip-down.d has it, 2 at a time",
  needs: [{ file: "run-parts", package: "debianutils" }],
  run,
};

async function run({ folder, isQuick }: OtherRun): Promise<Handled> {
  const each = (isQuick ? EVENTS_QUICK : EVENTS) / AT_A_TIME;
  const scripts = join(folder, "ip-down.d");
  await Deno.mkdir(scripts);
  for (const name of ["first", "second", "third"]) {
    await Deno.writeTextFile(join(scripts, name), "#!/bin/sh\n:\n", { mode: 0o755 });
  }
  const loop = 'i=0; while [ $i -lt "$1" ]; do run-parts --arg=VPN2-1 "$2"; i=$((i+1)); done';
  const args = ["-e", "-c", loop, "sh", `${each}`, scripts];
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_A_TIME }, () => runProgram("sh", args)));
  return { events: each * AT_A_TIME, seconds: (performance.now() - started) / 1000 };
}
