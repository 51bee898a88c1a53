/** A few simulations with every run of the tests; `deno task chaos` runs thousands. */
import { assert, assertEquals } from "@std/assert";
import { memoryFolder } from "./memory_folder.ts";
import { simulate, type SimulationResult } from "./simulation/simulate.ts";

const SEEDS = 40;
const AGAIN = "npx -y deno@2.9.5 task chaos simulate";

async function run(seed: number): Promise<SimulationResult> {
  const folder = Deno.makeTempDirSync({ ...memoryFolder(), prefix: "onhook-simulation-" });
  try {
    return await simulate(seed, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("simulate() breaks no delivery rule through faults that a seed decides on", async () => {
  const sum = { events: 0, starts: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { broken, events, starts } = await run(seed);
    assertEquals(broken, [], `${AGAIN} --seed=${seed}`);
    sum.events += events;
    sum.starts += starts;
  }
  assert(sum.events > 10 * SEEDS && sum.starts > 2 * SEEDS, "something has to happen");
});

Deno.test("simulate() gives the same run for the same seed", async () => {
  const words = ({ story }: SimulationResult) =>
    story.map((line) => line.replace(/onhook-simulation-\w+/, ""));
  assertEquals(words(await run(7)), words(await run(7)));
});
