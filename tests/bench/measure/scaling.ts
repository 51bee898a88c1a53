import { type Backlog, runBacklog } from "../backlog.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";
import { catchUp } from "../waiting_events.ts";

const PLUGIN_COUNTS = [1, 3, 10, 30];
const HANGUPS = 60_000;
const HANGUPS_QUICK = 30_000;
/** Grows no more than linearly, and some because two runs of the same differ by as much. */
const GROWTH_MAX = 1.05;

const WAITING_PLUGINS = 3;
const FEW = 10_000;
const MANY = 1_000_000;
const MANY_QUICK = 200_000;
/** Does not change the rate, but for what two runs of the same differ by. */
const RATE_SHARE_MIN = 0.95;

/** What more plugins and more waiting events do to the cost of one event. */
export async function measureScaling(context: BenchContext): Promise<Row[]> {
  return [...await pluginRows(context), ...await waitingRows(context)];
}

async function pluginRows({ isQuick, say }: BenchContext): Promise<Row[]> {
  const hangups = isQuick ? HANGUPS_QUICK : HANGUPS;
  const rounds = isQuick ? 1 : 2;
  const runs = new Map<number, Backlog[]>(PLUGIN_COUNTS.map((plugins) => [plugins, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const plugins of PLUGIN_COUNTS) {
      say(`scaling, ${plugins} plugins, round ${round} of ${rounds}`);
      runs.get(plugins)!.push(await runBacklog({ hangups, plugins }));
    }
  }
  /** Microseconds for one event and one plugin. */
  const costs = (plugins: number) =>
    runs.get(plugins)!.map(({ perSecond }) => 1e6 / perSecond / plugins);
  return PLUGIN_COUNTS.slice(1).map((plugins, i): Row => {
    const fewer = PLUGIN_COUNTS[i]!;
    const rate = median(runs.get(plugins)!.map(({ perSecond }) => perSecond));
    return {
      id: `scaling.plugins.${plugins}`,
      what: `${plugins} plugins: cost of an event for each plugin ${us(costs(plugins))}, ` +
        `${Math.round(rate).toLocaleString("en")} events/s`,
      beside: `${fewer} ${fewer === 1 ? "plugin" : "plugins"}: ${us(costs(fewer))}`,
      value: median(costs(plugins)) / median(costs(fewer)),
      unit: "×",
      wanted: { limit: GROWTH_MAX, is: "most" },
      details: {
        hangups,
        costs: costs(plugins),
        hostUs: runs.get(plugins)!.map(({ hostUs }) => hostUs),
        pluginsUs: runs.get(plugins)!.map(({ pluginsUs }) => pluginsUs),
      },
    };
  });
}

function us(costs: readonly number[]): string {
  return `${median(costs).toFixed(2)} µs`;
}

async function waitingRows({ isQuick, say }: BenchContext): Promise<Row[]> {
  const many = isQuick ? MANY_QUICK : MANY;
  const rounds = isQuick ? 1 : 3;
  const rates = new Map<number, number[]>();
  const one: number[] = [];
  const take = async (hangups: number): Promise<number> => {
    say(`scaling, ${hangups.toLocaleString("en")} events waiting`);
    const { events, ms } = await catchUp({ hangups, plugins: WAITING_PLUGINS, restart: false });
    rates.set(hangups, [...rates.get(hangups) ?? [], events / ms * 1000]);
    return ms;
  };
  for (let round = 0; round < rounds; round++) {
    one.push(await take(1));
    await take(FEW);
  }
  await take(many);
  const rate = (hangups: number) => median(rates.get(hangups)!);
  const text = (hangups: number) => `${Math.round(rate(hangups)).toLocaleString("en")} events/s`;
  return [{
    id: "scaling.waiting",
    what: `${many.toLocaleString("en")} events waiting in the store for ${WAITING_PLUGINS} ` +
      `plugins: ${text(many)}`,
    beside: `${FEW.toLocaleString("en")} waiting: ${text(FEW)}; 1 waiting, with the service's ` +
      `start and stop: settled by all after ${median(one).toFixed(0)} ms`,
    value: rate(many) / rate(FEW),
    unit: "×",
    wanted: { limit: RATE_SHARE_MIN, is: "least" },
    details: { few: rates.get(FEW)!, many: rates.get(many)!, oneMs: one },
  }];
}
