import { BenchWorld, EVENTS_BESIDES_HANGUPS } from "../bench_world.ts";
import { calloutRow } from "../callout_row.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { quantile } from "../statistics.ts";

const PLUGINS = ["first", "second", "third"];
const RATE_PER_SECOND = 40;
const HANGUPS = 2000;
const HANGUPS_QUICK = 240;
const LIMIT_MS = 120_000;
/** The first ones run code that is not compiled yet. */
const LEFT_OUT = 20;

/** From a callout's own time stamp to the first line of a handler, while nothing else goes on. */
export async function measureLatency(context: BenchContext): Promise<Row[]> {
  const hangups = context.isQuick ? HANGUPS_QUICK : HANGUPS;
  context.say(`latency, ${hangups} hangups at ${RATE_PER_SECOND} a second`);
  await using world = await BenchWorld.make(PLUGINS.map((id) => ({
    id,
    file: "latency",
    permissions: { write: [`./${id}.json`] },
    config: { file: `./${id}.json` },
  })));
  {
    await using _host = await world.startHost();
    using progress = world.watch();
    const events = hangups + EVENTS_BESIDES_HANGUPS;
    const settled = progress.until((look) => look.settled >= events, LIMIT_MS);
    await world.play({ count: hangups, ratePerSecond: RATE_PER_SECOND });
    await settled;
  }
  const callouts = await world.callouts();
  const [first, , third] = PLUGINS.map((id) => read(world.path(`${id}.json`)));
  const p50 = quantile(first!, 0.5);
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  return [
    {
      id: "latency.p50",
      what: "idle: callout to the first plugin's handler, median",
      beside: `to the third plugin's: ${ms(quantile(third!, 0.5))}`,
      value: p50,
      unit: "ms",
      wanted: { limit: 1, is: "most" },
      details: { hangups, least: Math.min(...first!) },
    },
    {
      id: "latency.p99",
      what: "idle: callout to the first plugin's handler, p99",
      beside: `to the third plugin's: ${ms(quantile(third!, 0.99))}`,
      value: quantile(first!, 0.99),
      unit: "ms",
      details: { most: Math.max(...first!), p90: quantile(first!, 0.9) },
    },
    calloutRow("latency.callout", "idle", callouts),
  ];
}

function read(path: string): number[] {
  const { latenciesMs } = JSON.parse(Deno.readTextFileSync(path)) as { latenciesMs: number[] };
  return latenciesMs.slice(LEFT_OUT);
}
