/**
 * The commands: `host`, `demo`, `simulate` and `plugin`. People call them through `deno task`.
 *
 * @module
 */
import { runCommandLine } from "./cli/run_command_line.ts";
import { systemIo } from "./cli/system_io.ts";
import { systemClock } from "./internal/clock.ts";
import { stderrText } from "./internal/stderr_text.ts";

/** How long the last lines wait for somebody who reads them. */
const LAST_WORDS_MS = 1000;

if (import.meta.main) {
  const exitCode = await runCommandLine(Deno.args, systemIo());
  await stderrText.drained(LAST_WORDS_MS, systemClock);
  // Timers and sockets of a command that is over would keep the process alive.
  Deno.exit(exitCode);
}
