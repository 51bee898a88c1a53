/**
 * @param values At least one, in any order.
 * @param share 0 to 1; 0.5 is the median.
 * @returns The smallest value that at least this share of all values do not exceed.
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError("Cannot take a quantile: 0 values, 1 is wanted");
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

/** @param values At least one, in any order. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
