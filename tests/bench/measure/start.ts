import { bareProcess } from "../bare/bare_process.ts";
import { BenchWorld } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const PLUGINS = 5;

/** From the start of the host's process until it says that it is ready. */
export async function measureStart(context: BenchContext): Promise<Row[]> {
  const rounds = context.isQuick ? 3 : 9;
  const ours: number[] = [];
  const bare: number[] = [];
  await using world = await BenchWorld.idle(PLUGINS);
  for (let round = 1; round <= rounds; round++) {
    context.say(`start, round ${round} of ${rounds}`);
    const started = performance.now();
    await using _host = await world.startHost();
    ours.push(performance.now() - started);
    bare.push((await bareProcess()).startMs);
  }
  return [{
    id: "start.ready",
    what: `host started to ready, ${PLUGINS} plugins`,
    beside: `start of one bare Deno process: ${median(bare).toFixed(0)} ms`,
    value: median(ours),
    unit: "ms",
    wanted: { limit: 500, is: "most", isGoal: true },
    details: { ours, bare },
  }];
}
