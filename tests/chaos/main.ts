/**
 * `deno task chaos`: everything that goes wrong at once, and the delivery rules held against it.
 *
 * - `simulate [--seed=N] [--first=N] [--seeds=N]`: the host's code with time, journal, plugins and
 *   faults that a seed decides on. The same seed gives the same run.
 *
 * Ends with the line `N passed, N failed`.
 *
 * @module
 */
import { readChaosOptions } from "./chaos_options.ts";
import { runSimulations } from "./run_simulations.ts";

async function main(): Promise<boolean> {
  const options = readChaosOptions(Deno.args);
  if (options === undefined) return false;
  return await runSimulations(options);
}

if (import.meta.main) Deno.exit(await main() ? 0 : 1);
