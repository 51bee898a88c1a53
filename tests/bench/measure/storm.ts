import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "../bench_world.ts";
import type { BenchContext } from "../context.ts";
import { pluginProcessesOf, residentOf } from "../process_probe.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const QUICK_PLUGINS = 9;
const SLOW_MS = 5;
const HANGUPS = 10_000;
const RATE_PER_SECOND = 10_000;
const LIMIT_MS = 60_000;

interface Storm {
  /** From the service's start until all but the slow plugin have settled every event. */
  readonly seconds: number;
  /** How long the service took to make them. */
  readonly madeSeconds: number;
  /** What the slow plugin had settled by then. */
  readonly slowSettled: number;
  readonly hostBeforeMb: number;
  readonly hostMostMb: number;
  readonly pluginMostMb: number;
}

/**
 * A server that drops all its lines, with ten plugins of which the last takes its time. It is the
 * last because those behind a slow one wait for it: that is the order that was promised.
 */
export async function measureStorm(context: BenchContext): Promise<Row[]> {
  const rounds = context.isQuick ? 1 : 3;
  const storms: Storm[] = [];
  for (let round = 1; round <= rounds; round++) {
    context.say(`storm, round ${round} of ${rounds}`);
    storms.push(await runStorm());
  }
  const middle = (key: keyof Storm) => median(storms.map((storm) => storm[key]));
  return [
    {
      id: "storm.others",
      what: `storm of ${HANGUPS.toLocaleString("en")} hangups, 10 plugins, the last takes ` +
        `${SLOW_MS} ms: first callout until the ${QUICK_PLUGINS} others are done`,
      beside: `made in ${middle("madeSeconds").toFixed(2)} s on the same 2 cores; ` +
        `the slow one was at ${middle("slowSettled").toFixed(0)} by then`,
      value: middle("seconds"),
      unit: "s",
      wanted: { limit: 2, is: "most" },
      details: { seconds: storms.map(({ seconds }) => seconds) },
    },
    {
      id: "storm.memory",
      what: "host in the storm, most memory resident",
      beside: `before: ${middle("hostBeforeMb").toFixed(0)} MB; largest plugin: ${
        middle("pluginMostMb").toFixed(0)
      } MB`,
      value: Math.max(...storms.map(({ hostMostMb }) => hostMostMb)),
      unit: "MB",
      wanted: { limit: 100, is: "most" },
      details: { host: storms.map(({ hostMostMb }) => hostMostMb) },
    },
  ];
}

async function runStorm(): Promise<Storm> {
  const quick = Array.from({ length: QUICK_PLUGINS }, (_, i) => `nothing-${i + 1}`);
  await using world = await BenchWorld.make([
    ...quick.map((id) => ({ id, file: "nothing" })),
    { id: "slow", file: "slow", config: { milliseconds: SLOW_MS } },
  ]);
  await using host = await world.startHost();
  using progress = world.watch();
  const plugins = [...pluginProcessesOf(host.pid).values()];
  const hostBeforeMb = residentOf(host.pid).total;
  let hostMostMb = hostBeforeMb;
  let pluginMostMb = 0;
  const events = HANGUPS + EVENTS_BESIDES_HANGUPS;
  const playing = world.play({ count: HANGUPS, ratePerSecond: RATE_PER_SECOND });
  await progress.until(() => {
    hostMostMb = Math.max(hostMostMb, residentOf(host.pid).total);
    pluginMostMb = Math.max(pluginMostMb, ...plugins.map((pid) => residentOf(pid).total));
    return progress.settledBy(quick) >= events;
  }, LIMIT_MS);
  const ended = Date.now();
  const slowSettled = progress.settledBy(["slow"]);
  const { seconds: madeSeconds } = await playing;
  const seconds = (ended - progress.lastServiceStartUs() / 1000) / 1000;
  // The slow one has most of it still before it, which nobody waits for.
  await host.kill();
  return { seconds, madeSeconds, slowSettled, hostBeforeMb, hostMostMb, pluginMostMb };
}
