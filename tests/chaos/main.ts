/**
 * `deno task chaos`: everything that goes wrong at once, and the delivery rules held against it.
 *
 * - `simulate [--seed=N] [--first=N] [--seeds=N]`: the host's code with time, journal, plugins and
 *   faults that a seed decides on. The same seed gives the same run.
 * - `processes [--seed=N] [--minutes=N]`: real processes that are killed and stopped at random.
 * - `soak [--seed=N] [--events=N]`: so many events, with plugins that die at random.
 *
 * Without a word, `simulate` and then `processes` with their defaults. Ends with the line
 * `N passed, N failed`.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { type ChaosOptions, type ChaosWord, readChaosOptions } from "./chaos_options.ts";
import type { Outcome } from "./outcome.ts";
import { runProcesses } from "./run_processes.ts";
import { runSimulations } from "./run_simulations.ts";
import { runSoak } from "./run_soak.ts";

const RUNS: Readonly<Record<ChaosWord, (options: ChaosOptions) => Promise<Outcome>>> = {
  simulate: runSimulations,
  processes: runProcesses,
  soak: runSoak,
};

async function main(): Promise<number> {
  const options = readChaosOptions(Deno.args);
  if (options === undefined) return 2;
  let passed = 0;
  let failed = 0;
  for (const word of options.words) {
    const outcome = await RUNS[word](options);
    passed += outcome.passed;
    failed += outcome.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
