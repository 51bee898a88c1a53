import type { BenchContext } from "../context.ts";
import { median } from "../statistics.ts";
import type { GuardRatio } from "./guard_ratio.ts";
import type { StoredRatio } from "./stored_ratios.ts";

const RUNS = 5;

/** Measures each ratio several times, in turns. */
export async function storeRatios(
  ratios: readonly GuardRatio[],
  context: BenchContext,
): Promise<Map<string, StoredRatio>> {
  const runs = new Map<string, number[]>(ratios.map(({ id }) => [id, []]));
  for (let run = 1; run <= RUNS; run++) {
    for (const ratio of ratios) {
      context.say(`guard, ${ratio.id}, run ${run} of ${RUNS}`);
      runs.get(ratio.id)!.push(rounded(await ratio.measure(context)));
    }
  }
  return new Map(
    [...runs].map(([id, values]) => [id, {
      ratio: median(values),
      runs: values.toSorted((a, b) => a - b),
    }]),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
