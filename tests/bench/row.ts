/** What a value is held against. */
export interface Wanted {
  /** The bound. */
  readonly limit: number;
  /** Whether the value may be at most the bound, or has to be at least it. */
  readonly is: "most" | "least";
  /** A goal that is still ahead: it is shown, and does not count as a bound that is missed. */
  readonly isGoal?: boolean;
}

/** One line of the result: what was measured, beside what, and whether it is as wanted. */
export interface Row {
  /** Stays the same from version to version, so that results can be compared. */
  readonly id: string;
  /** What was measured, in words. */
  readonly what: string;
  /** What it is to be seen beside, measured in the same run. */
  readonly beside?: string;
  /** The value; missing when it could not be measured. */
  readonly value?: number;
  /** The unit of value and bound. */
  readonly unit: string;
  /** The bound, for a value that has one. */
  readonly wanted?: Wanted;
  /** Why there is no value, and what to do about it. */
  readonly skipped?: string;
  /** Everything that the value was made from. */
  readonly details?: Readonly<Record<string, number | readonly number[]>>;
}

/** How a row stands: `—` when nothing is wanted of it. */
export type Verdict = "met" | "MISSED" | "goal met" | "goal ahead" | "skipped" | "—";

/** Says whether the row is as wanted. */
export function verdictOf({ value, wanted, skipped }: Row): Verdict {
  if (skipped !== undefined || value === undefined) return "skipped";
  if (wanted === undefined) return "—";
  const isMet = wanted.is === "most" ? value <= wanted.limit : value >= wanted.limit;
  if (wanted.isGoal) return isMet ? "goal met" : "goal ahead";
  return isMet ? "met" : "MISSED";
}
