import { DefectError } from "./errors.ts";

/**
 * Holds a condition that the code itself guarantees; always on. Input from outside is never
 * checked with it, because a wrong input is not a defect.
 *
 * @param condition What has to be true.
 * @param message What is broken when it is not.
 * @throws {DefectError} When the condition does not hold.
 */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) {
    throw new DefectError(`Cannot go on: ${message}, which the code rules out; report this defect`);
  }
}
