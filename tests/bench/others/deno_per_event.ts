import { join } from "@std/path";
import type { Handled, Other, OtherRun } from "./other.ts";
import { runProgram } from "./run_program.ts";

const EVENTS = 200;
const EVENTS_QUICK = 60;
const AT_A_TIME = 2;
const EVENT = JSON.stringify({ type: "linkHangup", port: { name: "VPN2-1", bytes: 123456 } });

/** What a scheduled task on an event of the system's log does, with a script in TypeScript. */
export const denoPerEvent: Other = {
  id: "deno-per-event",
  what: "one Deno process for each event that calls 3 functions, 2 at a time",
  needs: [],
  run,
};

async function run({ folder, isQuick }: OtherRun): Promise<Handled> {
  const each = (isQuick ? EVENTS_QUICK : EVENTS) / AT_A_TIME;
  const script = join(folder, "hangup.ts");
  await Deno.writeTextFile(
    script,
    "const handlers = [(_: unknown) => {}, (_: unknown) => {}, (_: unknown) => {}];\n" +
      "for (const handle of handlers) handle(JSON.parse(Deno.args[0]!));\n",
  );
  const args = ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", script, EVENT];
  // Checked and compiled once, as it would be from the second event on.
  await runProgram(Deno.execPath(), args);
  const started = performance.now();
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (let i = 0; i < each; i++) await runProgram(Deno.execPath(), args);
  }));
  return { events: each * AT_A_TIME, seconds: (performance.now() - started) / 1000 };
}
