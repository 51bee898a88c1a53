import { bareProcess } from "../bare/bare_process.ts";
import { rawPipes } from "../bare/raw_pipes.ts";
import { runBacklog } from "../backlog.ts";
import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "../bench_world.ts";
import { takeLatencies } from "../latencies.ts";
import { takeCalloutCosts } from "../callout_costs.ts";
import { pluginProcessesOf, residentOf } from "../process_probe.ts";
import { median, quantile } from "../statistics.ts";
import { writeEntries } from "../write_entries.ts";
import type { GuardRatio } from "./guard_ratio.ts";

const PLUGINS = 3;
const HANGUPS = 60_000;
const LATENCY = { count: 200, ratePerSecond: 100 };
const LIMIT_MS = 60_000;

/** What is short to measure and differs little from run to run and from machine to machine. */
export const GUARD_RATIOS: readonly GuardRatio[] = [
  {
    id: "callout.awake",
    what: "callout beside a copy of its bytes",
    better: "less",
    factor: 1.6,
    measure: async ({ say }) => {
      const costs = await takeCalloutCosts(3, say);
      if (typeof costs === "string") throw new RangeError(`Cannot measure callouts: ${costs}`);
      return median(costs.map(({ calloutNs, copyNs }) => calloutNs / copyNs));
    },
  },
  {
    id: "throughput.processor",
    what: "processor time of an event through host, store and plugins beside raw pipes",
    better: "less",
    factor: 1.6,
    measure: processorRatio,
  },
  {
    id: "latency.idle.p50",
    what: "callout to the first handler beside a bare wait and a pipe round trip",
    better: "less",
    factor: 2,
    measure: async ({ libraryPath }) => {
      const { first, bare } = await takeLatencies(LATENCY, 1, libraryPath);
      return quantile(first, 0.5) / quantile(bare, 0.5);
    },
  },
  {
    id: "memory.host.ratio",
    what: "host's resident memory beside a bare Deno process",
    better: "less",
    factor: 1.25,
    measure: async () => (await memoryRatios()).host,
  },
  {
    id: "memory.plugin.ratio",
    what: "a plugin's resident memory beside a bare Deno process",
    better: "less",
    factor: 1.25,
    measure: async () => (await memoryRatios()).plugin,
  },
];

/** Time on processors, because what else runs on the machine takes little of that. */
async function processorRatio(): Promise<number> {
  await using source = await BenchWorld.make();
  await source.play({ count: HANGUPS });
  const entriesPath = source.path("entries");
  await writeEntries(source, entriesPath);
  const { hostUs, pluginsUs } = await runBacklog({ hangups: HANGUPS, plugins: PLUGINS });
  const { processorUs } = await rawPipes(entriesPath, PLUGINS);
  return (hostUs + pluginsUs) / processorUs;
}

/** After events that came as fast as they could. */
async function memoryRatios(): Promise<{ host: number; plugin: number }> {
  await using world = await BenchWorld.idle(PLUGINS);
  await using host = await world.startHost();
  using progress = world.watch();
  await world.play({ count: HANGUPS });
  const events = HANGUPS + EVENTS_BESIDES_HANGUPS;
  await progress.until(({ settled }) => settled >= events, LIMIT_MS);
  const plugins = [...pluginProcessesOf(host.pid).values()];
  const { residentMb } = await bareProcess();
  return {
    host: residentOf(host.pid).total / residentMb,
    plugin: Math.max(...plugins.map((pid) => residentOf(pid).total)) / residentMb,
  };
}
