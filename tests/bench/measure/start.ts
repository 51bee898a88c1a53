import { bareProcess } from "../bare/bare_process.ts";
import { BenchWorld } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";
import { catchUp } from "../waiting_events.ts";

const PLUGINS = 5;
const STORED = 1_000_000;
const STORED_QUICK = 200_000;
const STORED_PLUGINS = 3;

/** From the start of the host's process until it says that it is ready, or has caught up. */
export async function measureStart(context: BenchContext): Promise<Row[]> {
  const rounds = context.isQuick ? 3 : 9;
  const ours: number[] = [];
  const alone: number[] = [];
  const bare: number[] = [];
  await using world = await BenchWorld.idle(PLUGINS);
  await using empty = await BenchWorld.idle(0);
  for (let round = 1; round <= rounds; round++) {
    context.say(`start, round ${round} of ${rounds}`);
    ours.push(await startMs(world));
    alone.push(await startMs(empty));
    bare.push((await bareProcess()).startMs);
  }
  return [{
    id: "start.ready",
    what: `host started to ready, ${PLUGINS} plugins`,
    beside: `without plugins: ${median(alone).toFixed(0)} ms; ` +
      `start of one bare Deno process: ${median(bare).toFixed(0)} ms`,
    value: median(ours),
    unit: "ms",
    wanted: { limit: 500, is: "most" },
    details: { ours, alone, bare },
  }, await catchUpRow(context)];
}

async function startMs(world: BenchWorld): Promise<number> {
  const started = performance.now();
  await using _host = await world.startHost();
  return performance.now() - started;
}

/** Events that the first of three plugins has not been handed yet, and so none of them. */
async function catchUpRow({ isQuick, say }: BenchContext): Promise<Row> {
  const hangups = isQuick ? STORED_QUICK : STORED;
  say(`start, ${hangups.toLocaleString("en")} stored events`);
  const { events, ms } = await catchUp({ hangups, plugins: STORED_PLUGINS, restart: true });
  return {
    id: "start.catchup",
    what: `host started on ${hangups.toLocaleString("en")} stored events: until ` +
      `${STORED_PLUGINS} plugins have settled them`,
    beside: "counted from the start of its process",
    value: events / ms * 1000,
    unit: "events/s",
    wanted: { limit: 50_000, is: "least" },
    details: { ms },
  };
}
