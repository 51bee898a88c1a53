/**
 * Durations are counted in 128 bins, four to each doubling: bin `b` holds those of up to
 * `2 ** (b / 4)` microseconds, so a median read from them is at most 19 % too high.
 */
export const DURATION_BINS = 128;

/**
 * @param durationMs A duration in milliseconds, not negative.
 * @returns Its bin, 0 … 127.
 */
export function durationBin(durationMs: number): number {
  const microseconds = durationMs * 1000;
  if (!(microseconds > 1)) return 0;
  const bin = Math.ceil(4 * Math.log2(microseconds));
  return bin < DURATION_BINS ? bin : DURATION_BINS - 1;
}

/**
 * @param counts How many durations each bin holds.
 * @param share 0 … 1; 0.5 is the median.
 * @returns The upper bound in milliseconds of the bin that holds it, 0 when all are empty.
 */
export function durationQuantileMs(counts: ArrayLike<number>, share: number): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin]!;
  let left = Math.ceil(total * share);
  for (let bin = 0; bin < counts.length && left > 0; bin++) {
    left -= counts[bin]!;
    if (left <= 0) return 2 ** (bin / 4) / 1000;
  }
  return 0;
}
