import { BenchWorld } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import { pluginProcessesOf, processorMsOf } from "../process_probe.ts";
import type { Row } from "../row.ts";

const PLUGINS = 3;
const SETTLE_MS = 2000;
const SECONDS = 20;
const SECONDS_QUICK = 5;

/** What host and plugins take of a processor while no link goes down. */
export async function measureIdle(context: BenchContext): Promise<Row[]> {
  const seconds = context.isQuick ? SECONDS_QUICK : SECONDS;
  context.say(`idle, ${seconds} s`);
  await using world = await BenchWorld.idle(PLUGINS);
  await using host = await world.startHost();
  // A day that has seen some events, not a fresh process.
  await world.play({ count: 100 });
  await pause(SETTLE_MS);
  const pids = [host.pid, ...pluginProcessesOf(host.pid).values()];
  const before = pids.map(processorMsOf);
  const started = performance.now();
  await pause(seconds * 1000);
  const elapsedMs = performance.now() - started;
  const shares = pids.map((pid, i) => 100 * (processorMsOf(pid) - before[i]!) / elapsedMs);
  const [ofHost, ...ofPlugins] = shares as [number, ...number[]];
  const total = shares.reduce((sum, share) => sum + share, 0);
  return [{
    id: "idle.processor",
    what: `idle: host and ${PLUGINS} plugins together, share of one processor`,
    beside: `host ${ofHost.toFixed(2)} %, busiest plugin ${Math.max(...ofPlugins).toFixed(2)} %`,
    value: total,
    unit: "%",
    wanted: { limit: 0.2, is: "most" },
    details: { seconds, shares },
  }];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
