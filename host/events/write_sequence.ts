import { invariant } from "../internal/invariant.ts";
import { layout } from "./layout.ts";

/**
 * Writes into an entry the number that the host gives its event.
 *
 * @param view The bytes that hold the entry.
 * @param offset Where the entry starts in them.
 * @param sequence A safe integer, at least 1.
 * @throws {DefectError} When the number is another one.
 */
export function writeSequence(view: DataView, offset: number, sequence: number): void {
  invariant(
    Number.isSafeInteger(sequence) && sequence >= 1,
    `the sequence of an event is ${sequence}, an integer of 1 or more is wanted`,
  );
  const at = offset + layout.entry.sequence;
  view.setUint32(at, sequence % 0x1_0000_0000, true);
  view.setUint32(at + 4, Math.floor(sequence / 0x1_0000_0000), true);
}
