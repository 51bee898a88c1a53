/**
 * The commands: `host`, `demo`, `simulate` and `plugin`. People call them through `deno task`.
 *
 * @module
 */
import { runCommandLine } from "./cli/run_command_line.ts";
import { systemIo } from "./cli/system_io.ts";

// Timers and sockets of a command that is over would keep the process alive.
if (import.meta.main) Deno.exit(await runCommandLine(Deno.args, systemIo()));
