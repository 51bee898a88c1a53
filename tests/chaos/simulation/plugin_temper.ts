import type { SimRandom } from "./sim_random.ts";

/** What a handler does with one event. */
export type Deed = "settle" | "fail" | "hang" | "die" | "lie";

/** How a plugin behaves; shares are probabilities. */
export interface PluginTemper {
  readonly fail: number;
  readonly hang: number;
  readonly die: number;
  readonly lie: number;
  /** Longest time of a handler in milliseconds. */
  readonly slowMs: number;
  /** Share of events that it cannot bear, ever. */
  readonly poison: number;
  /** Share of starts that lead to nothing. */
  readonly badStart: number;
}

/** A plugin that does what it should. */
export const CALM: PluginTemper = {
  fail: 0,
  hang: 0,
  die: 0,
  lie: 0,
  slowMs: 2,
  poison: 0,
  badStart: 0,
};

/** Draws how a plugin behaves for a while. */
export function drawTemper(random: SimRandom): PluginTemper {
  const share = (most: number) => random.chance(0.4) ? random.next() * most : 0;
  return {
    fail: share(0.3),
    hang: share(0.05),
    die: share(0.15),
    lie: share(0.05),
    slowMs: random.pick([0, 2, 50, 1500]),
    poison: share(0.1),
    badStart: share(0.5),
  };
}

/** What a plugin does with an event; one that it cannot bear it never can. */
export function drawDeed(temper: PluginTemper, random: SimRandom, eventHash: number): Deed {
  if (eventHash / 2 ** 32 < temper.poison) {
    return (["fail", "die", "hang"] as const)[eventHash % 3]!;
  }
  for (const deed of ["fail", "hang", "die", "lie"] as const) {
    if (temper[deed] > 0 && random.chance(temper[deed])) return deed;
  }
  return "settle";
}
