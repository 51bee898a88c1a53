import { assertEquals, assertStringIncludes } from "@std/assert";
import type { BenchContext } from "../context.ts";
import type { GuardRatio } from "./guard_ratio.ts";
import { GUARD_RATIOS } from "./guard_ratios.ts";
import { runGuard } from "./run_guard.ts";
import { readStoredRatios, type StoredRatio } from "./stored_ratios.ts";

const context: BenchContext = { isQuick: true, libraryPath: "", say: () => {} };

function ratio(id: string, better: GuardRatio["better"], values: number[]): GuardRatio {
  return {
    id,
    what: "ours beside theirs",
    better,
    factor: 1.5,
    measure: () => Promise.resolve(values.shift()!),
  };
}

function stored(ratios: Record<string, number>): Map<string, StoredRatio> {
  return new Map(
    Object.entries(ratios).map(([id, ratio]) => [id, { ratio, runs: [ratio] }]),
  );
}

Deno.test("runGuard() passes what is not clearly worse than stored", async () => {
  const ratios = [ratio("cost", "less", [2.9]), ratio("share", "more", [0.41])];
  const result = await runGuard(ratios, stored({ cost: 2, share: 0.6 }), context);
  assertEquals([result.passed, result.failed], [2, 0]);
  assertStringIncludes(result.text, "\n2 passed, 0 failed\n");
});

Deno.test("runGuard() fails when the stored ratio is clearly better than what is measured", async () => {
  const ratios = [ratio("cost", "less", [3.1, 3.2, 3.3]), ratio("share", "more", [0.3, 0.2, 0.1])];
  const result = await runGuard(ratios, stored({ cost: 2, share: 0.6 }), context);
  assertEquals([result.passed, result.failed], [0, 2]);
  assertStringIncludes(result.text, "FAILED cost: ours beside theirs: 3.10, 3.20, 3.30; wanted is");
  assertStringIncludes(result.text, "clearly worse in each of 3 tries");
  assertStringIncludes(result.text, "\n0 passed, 2 failed\n");
});

Deno.test("runGuard() takes a loss for a disturbance when it does not show again", async () => {
  const result = await runGuard([ratio("cost", "less", [9, 2])], stored({ cost: 2 }), context);
  assertEquals([result.passed, result.failed], [1, 0]);
});

Deno.test("runGuard() fails what is not stored, and measures nothing", async () => {
  const result = await runGuard([ratio("new", "less", [])], stored({}), context);
  assertEquals(result.failed, 1);
  assertStringIncludes(result.text, "new: is not stored");
});

Deno.test("guard.json has each ratio that is guarded, all within what counts as no loss", async () => {
  const all = await readStoredRatios();
  assertEquals([...all.keys()], GUARD_RATIOS.map(({ id }) => id));
  for (const { id, factor, better } of GUARD_RATIOS) {
    const { ratio, runs } = all.get(id)!;
    const worst = better === "less" ? Math.max(...runs) / ratio : ratio / Math.min(...runs);
    assertEquals(worst < factor, true, `${id} differs by ${worst} from run to run`);
  }
});
