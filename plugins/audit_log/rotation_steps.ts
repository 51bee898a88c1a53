/** Renames `<file>.<from>` to `<file>.<to>`; 0 is the current file itself. */
export interface RotationStep {
  /** The number before. */
  from: number;
  /** The number after; a file that stands there is replaced. */
  to: number;
}

/**
 * The renames that free the current file's name, in the order in which they have to be done.
 *
 * They shift the old files up to the first free number only. So a rotation that broke off between
 * two renames is carried on by the next one instead of being begun again: no file is lost early,
 * and the current file, which goes last, is whole until it is `<file>.1`.
 *
 * @param taken Numbers of the old files that exist.
 * @param keepFiles How many old files are kept; the one with this number is replaced when all are
 * taken.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rotationSteps } from "./rotation_steps.ts";
 *
 * assertEquals(rotationSteps(new Set([1, 3]), 8), [{ from: 1, to: 2 }, { from: 0, to: 1 }]);
 * ```
 */
export function rotationSteps(taken: ReadonlySet<number>, keepFiles: number): RotationStep[] {
  let free = 1;
  while (free < keepFiles && taken.has(free)) free++;
  const steps: RotationStep[] = [];
  for (let to = free; to >= 1; to--) steps.push({ from: to - 1, to });
  return steps;
}
