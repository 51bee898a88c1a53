import type { AttemptRun, Cursor } from "../store/store.ts";

/** More runs than this are merged, the higher attempt winning, so that a cursor stays small. */
export const ATTEMPT_RUNS_MAX = 16;

/**
 * How often an event has been handed to a plugin.
 *
 * @param runs Ascending; the first one begins right behind what is settled.
 * @param sequence An event that is not settled.
 */
export function attemptsOf(runs: readonly AttemptRun[], sequence: number): number {
  return runs.find(({ to }) => to >= sequence)?.attempt ?? 0;
}

/**
 * The last event that has been handed over as often as a given one, as far as `limit`.
 *
 * @param sequence An event that is not settled, not beyond `limit`.
 */
export function runEnd(runs: readonly AttemptRun[], sequence: number, limit: number): number {
  const run = runs.find(({ to }) => to >= sequence);
  return run === undefined ? limit : Math.min(run.to, limit);
}

/** Records that the events `from` … `to` have been handed over for the `attempt`-th time. */
export function handedOver(
  runs: readonly AttemptRun[],
  from: number,
  to: number,
  attempt: number,
): AttemptRun[] {
  const before = runs.filter((run) => run.to < from);
  const after = runs.filter((run) => run.to > to);
  const cut = runs.find((run) => run.to >= from);
  const lastBefore = before.at(-1)?.to ?? 0;
  if (cut !== undefined && lastBefore < from - 1) {
    before.push({ to: from - 1, attempt: cut.attempt });
  }
  return compact([...before, { to, attempt }, ...after]);
}

/** The last event that a plugin has been handed, however often, or has settled. */
export function handedUpTo({ settled, runs }: Cursor): number {
  return Math.max(settled, runs.at(-1)?.to ?? 0);
}

/** Forgets what is settled. */
export function settledUpTo(runs: readonly AttemptRun[], settled: number): readonly AttemptRun[] {
  return runs.length > 0 && runs[0]!.to <= settled ? runs.filter(({ to }) => to > settled) : runs;
}

/**
 * What has been handed over when a process has thrown away all that it had not begun.
 *
 * @param before The runs as they were before this process was handed anything.
 * @param hasBegun Whether the event behind `settled` has been begun; nothing behind it has.
 */
export function halted(
  runs: readonly AttemptRun[],
  before: readonly AttemptRun[],
  settled: number,
  hasBegun: boolean,
): readonly AttemptRun[] {
  if (!hasBegun) return settledUpTo(before, settled);
  const next = settled + 1;
  return [{ to: next, attempt: attemptsOf(runs, next) }, ...settledUpTo(before, next)];
}

function compact(runs: readonly AttemptRun[]): AttemptRun[] {
  const merged: AttemptRun[] = [];
  for (const run of runs) {
    const last = merged.at(-1);
    if (last?.attempt === run.attempt) merged[merged.length - 1] = run;
    else merged.push(run);
  }
  while (merged.length > ATTEMPT_RUNS_MAX) {
    const [a, b] = merged.splice(0, 2) as [AttemptRun, AttemptRun];
    merged.unshift({ to: b.to, attempt: Math.max(a.attempt, b.attempt) });
  }
  return merged;
}
