import { type CalloutCosts, takeCalloutCosts } from "../callout_costs.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

type Result = CalloutCosts;

/** What RAS waits for: the library's own measuring program, built here and run as it is. */
export async function measureCallouts(context: BenchContext): Promise<Row[]> {
  const rounds = context.isQuick ? 3 : 9;
  const results = await takeCalloutCosts(rounds, context.say);
  if (typeof results === "string") return [{ ...awake([]), skipped: results }];
  return rows(results);
}

function rows(results: readonly Result[]): Row[] {
  const middle = (of: (result: Result) => number) => median(results.map(of));
  const each = (of: (result: Result) => number) => results.map(of);
  const asleep = (result: Result) => result.asleepNs / result.bareWakeNs;
  const threads = (result: Result) =>
    result.eventsPerSecond4Threads / result.eventsPerSecond1Thread;
  return [
    awake(results),
    awakeBesideHotCopy(results),
    {
      id: "callout.asleep",
      what: `callout that wakes a sleeping reader, median ${ns(middle((r) => r.asleepNs))}`,
      beside: `one bare wake-up call: ${ns(middle((r) => r.bareWakeNs))}`,
      value: middle(asleep),
      unit: "×",
      wanted: { limit: 1.2, is: "most" },
      details: { ratios: each(asleep), asleepNs: each((r) => r.asleepNs) },
    },
    {
      id: "callout.threads",
      what: `4 threads: ${million(middle((r) => r.eventsPerSecond4Threads))} callouts a second`,
      beside: `1 thread: ${million(middle((r) => r.eventsPerSecond1Thread))}`,
      value: middle(threads),
      unit: "×",
      wanted: { limit: 1, is: "least" },
      details: { ratios: each(threads) },
    },
  ];
}

function awake(results: readonly Result[]): Row {
  const row: Row = {
    id: "callout.awake",
    what: "callout, no wake-up needed, median",
    unit: "×",
    wanted: { limit: 1.5, is: "most" },
  };
  if (results.length === 0) return row;
  const ratios = results.map(({ calloutNs, copyNs }) => calloutNs / copyNs);
  return {
    ...row,
    what: `${row.what} ${ns(median(results.map(({ calloutNs }) => calloutNs)))}`,
    beside: `copy of the same bytes to the next place of such a ring, one clock reading: ${
      ns(median(results.map(({ copyNs }) => copyNs)))
    }`,
    value: median(ratios),
    details: { ratios },
  };
}

function awakeBesideHotCopy(results: readonly Result[]): Row {
  const ratios = results.map(({ calloutNs, hotCopyNs }) => calloutNs / hotCopyNs);
  return {
    id: "callout.awake.hot",
    what: "the same beside a copy that never leaves the nearest cache",
    beside: `copy to one and the same place, one clock reading: ${
      ns(median(results.map(({ hotCopyNs }) => hotCopyNs)))
    }`,
    value: median(ratios),
    unit: "×",
    wanted: { limit: 3, is: "most" },
    details: { ratios },
  };
}

function ns(value: number): string {
  return value < 1000 ? `${value.toFixed(0)} ns` : `${(value / 1000).toFixed(1)} µs`;
}

function million(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M`;
}
