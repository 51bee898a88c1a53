import type { BenchContext } from "../context.ts";

/** A ratio that must not get much worse from one version to the next. */
export interface GuardRatio {
  /** The row of the bench that it is the short form of. */
  readonly id: string;
  /** In words, with what it is beside. */
  readonly what: string;
  readonly better: "less" | "more";
  /**
   * How many times worse than the stored ratio counts as a clear loss; well beyond what runs of the
   * same version differ by, for which see `guard.json`.
   */
  readonly factor: number;
  /** Takes some seconds. */
  measure(context: BenchContext): Promise<number>;
}
