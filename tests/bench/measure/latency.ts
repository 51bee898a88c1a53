import { calloutRow } from "../callout_row.ts";
import type { BenchContext } from "../context.ts";
import { type Latencies, takeLatencies } from "../latencies.ts";
import type { Row } from "../row.ts";
import { quantile } from "../statistics.ts";

const ROUNDS = 3;
const RATIO_MAX = 1.5;

interface Pace {
  readonly id: string;
  readonly when: string;
  readonly ratePerSecond: number;
  readonly hangups: number;
  readonly hangupsQuick: number;
}

const IDLE: Pace = {
  id: "idle",
  when: "idle, 40 a second",
  ratePerSecond: 40,
  hangups: 400,
  hangupsQuick: 240,
};
const BUSY: Pace = {
  id: "busy",
  when: "1,000 a second",
  ratePerSecond: 1000,
  hangups: 5000,
  hangupsQuick: 3000,
};

/** From a callout's own time stamp to the first line of a handler, while little else goes on. */
export async function measureLatency(context: BenchContext): Promise<Row[]> {
  const idle = await take(IDLE, context);
  const busy = await take(BUSY, context);
  const p50 = quantile(idle.first, 0.5);
  return [
    {
      id: "latency.p50",
      what: "idle: callout to the first plugin's handler, median",
      beside: `to the third plugin's: ${ms(quantile(idle.third, 0.5))}`,
      value: p50,
      unit: "ms",
      wanted: { limit: 1, is: "most" },
      details: { events: idle.first.length, least: Math.min(...idle.first) },
    },
    ...ratioRows(IDLE, idle),
    ...ratioRows(BUSY, busy),
    calloutRow("latency.callout", "idle", idle.callouts),
    calloutRow("latency.busy.callout", BUSY.when, busy.callouts),
  ];
}

function take(pace: Pace, { isQuick, libraryPath, say }: BenchContext): Promise<Latencies> {
  const count = isQuick ? pace.hangupsQuick : pace.hangups;
  const rounds = isQuick ? 1 : ROUNDS;
  say(`latency, ${pace.when}: ${rounds} times ${count} hangups, and as many through a bare pipe`);
  return takeLatencies({ count, ratePerSecond: pace.ratePerSecond }, rounds, libraryPath);
}

function ratioRows({ id, when }: Pace, { first, third, bare }: Latencies): Row[] {
  return [["p50", "median", 0.5], ["p99", "p99", 0.99]].map(([name, words, share]): Row => {
    const at = (of: readonly number[]) => quantile(of, share as number);
    return {
      id: `latency.${id}.${name}`,
      what: `${when}: callout to the first plugin's handler, ${words} ${ms(at(first))}`,
      beside: `bare wait for the journal and one pipe round trip: ${ms(at(bare))}; ` +
        `to the third plugin's handler: ${ms(at(third))}`,
      value: at(first) / at(bare),
      unit: "×",
      wanted: { limit: RATIO_MAX, is: "most" },
      details: {
        ours: [0.1, 0.5, 0.9, 0.99, 1].map((share) => quantile(first, share)),
        bare: [0.1, 0.5, 0.9, 0.99, 1].map((share) => quantile(bare, share)),
      },
    };
  });
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
