import type { BenchContext } from "../context.ts";
import type { GuardRatio } from "./guard_ratio.ts";
import type { StoredRatio } from "./stored_ratios.ts";

/** A loss has to show each time: what else runs on the machine passes, a slower program does not. */
const TRIES_MAX = 3;

/** How the guard ended. */
export interface GuardResult {
  readonly passed: number;
  readonly failed: number;
  /** For each ratio what was measured and what is wanted, then `N passed, N failed`. */
  readonly text: string;
}

/** Measures each ratio and holds it against the stored one. */
export async function runGuard(
  ratios: readonly GuardRatio[],
  stored: ReadonlyMap<string, StoredRatio>,
  context: BenchContext,
): Promise<GuardResult> {
  const lines: string[] = [];
  let failed = 0;
  for (const ratio of ratios) {
    const was = stored.get(ratio.id);
    const { isMet, line } = was === undefined
      ? { isMet: false, line: `${ratio.id}: is not stored; take --guard=store` }
      : await guardOne(ratio, was, context);
    lines.push(`${isMet ? "ok    " : "FAILED"} ${line}`);
    if (!isMet) failed++;
  }
  const passed = ratios.length - failed;
  lines.push("", `${passed} passed, ${failed} failed`);
  return { passed, failed, text: `${lines.join("\n")}\n` };
}

async function guardOne(
  ratio: GuardRatio,
  { ratio: was }: StoredRatio,
  context: BenchContext,
): Promise<{ isMet: boolean; line: string }> {
  const { id, what, better, factor } = ratio;
  const limit = better === "less" ? was * factor : was / factor;
  const tries: number[] = [];
  let isMet = false;
  while (!isMet && tries.length < TRIES_MAX) {
    context.say(`guard, ${id}`);
    const now = await ratio.measure(context);
    tries.push(now);
    isMet = better === "less" ? now <= limit : now >= limit;
  }
  const wanted = `${better === "less" ? "at most" : "at least"} ${text(limit)}`;
  const loss = isMet
    ? ""
    : `; clearly worse in each of ${TRIES_MAX} tries: find what made it slower, or take ` +
      "--guard=store when it has to be";
  return {
    isMet,
    line: `${id}: ${what}: ${tries.map(text).join(", ")}; wanted is ${wanted}, ` +
      `${text(factor)} times worse than the stored ${text(was)}${loss}`,
  };
}

function text(value: number): string {
  return value.toPrecision(3);
}
