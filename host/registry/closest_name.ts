function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) +
        (left[row - 1] === right[column - 1] ? 0 : 1);
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        substitution,
      );
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/**
 * Finds the name that somebody probably meant.
 *
 * @param name What was written; only its first 64 characters count.
 * @param names The names that exist.
 * @returns The nearest of them, or undefined when none is near (more than a third of it differs).
 */
export function closestName(name: string, names: readonly string[]): string | undefined {
  const written = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of names) {
    const found = distance(written, candidate.toLowerCase());
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  const allowed = Math.max(1, Math.floor(Math.max(written.length, best?.length ?? 0) / 3));
  return bestDistance <= allowed ? best : undefined;
}
