// deno-lint-ignore-file no-console
import type { ChaosOptions } from "./chaos_options.ts";
import type { Outcome } from "./outcome.ts";
import { memoryFolder } from "./memory_folder.ts";
import { simulate, type SimulationResult } from "./simulation/simulate.ts";

/** Lines of its story that are shown of a simulation that broke a rule. */
const STORY_LINES = 60;
/** After so many that broke a rule no more are run. */
const BROKEN_MAX = 5;
const PROGRESS_EVERY = 500;
/** When nobody says how many: so many, or as many as this time is enough for. */
const SEEDS_DEFAULT = 2500;
const BOX_MS = 180_000;

/**
 * Runs simulations, one seed after the other, and says of each that breaks a rule how to run it
 * again.
 *
 * @returns How many broke no rule, and how many did.
 */
export async function runSimulations(options: ChaosOptions): Promise<Outcome> {
  const first = options.seed ?? options.first;
  const seeds = options.seed === undefined ? options.seeds ?? SEEDS_DEFAULT : 1;
  const isBoxed = options.seed === undefined && options.seeds === undefined;
  const startedMs = performance.now();
  const endMs = isBoxed ? startedMs + BOX_MS : Infinity;
  const sum = { events: 0, starts: 0, simulatedMs: 0 };
  let passed = 0;
  let failed = 0;
  for (let seed = first; seed < first + seeds && failed < BROKEN_MAX; seed++) {
    if (performance.now() > endMs) break;
    const result = await simulateIn(seed);
    if (result.broken.length > 0) {
      failed++;
      tell(result);
    } else passed++;
    if (options.seed !== undefined) console.log(result.story.join("\n"));
    sum.events += result.events;
    sum.starts += result.starts;
    sum.simulatedMs += result.simulatedMs;
    if ((seed - first + 1) % PROGRESS_EVERY === 0) console.log(`# ${seed - first + 1} seeds`);
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const hours = (sum.simulatedMs / 3_600_000).toFixed(1);
  console.log(
    `# seeds ${first} to ${first + passed + failed - 1}: ${sum.events} events, ` +
      `${sum.starts} starts of the host, ${hours} simulated hours in ${seconds} s`,
  );
  console.log(`simulation: ${passed} passed, ${failed} failed`);
  return { passed, failed };
}

async function simulateIn(seed: number): Promise<SimulationResult> {
  const folder = Deno.makeTempDirSync({ ...memoryFolder(), prefix: "onhook-simulation-" });
  try {
    return await simulate(seed, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function tell({ seed, broken, story }: SimulationResult): void {
  console.error(`\nseed ${seed} broke:`);
  for (const what of broken.slice(0, 5)) console.error(`  ${what}`);
  console.error("the end of its story:");
  for (const line of story.slice(-STORY_LINES)) console.error(`  ${line.slice(0, 200)}`);
  console.error(`again: npx -y deno@2.9.5 task chaos simulate --seed=${seed}\n`);
}
