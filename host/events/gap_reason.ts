/** Why events were lost; a bit that this version does not know is kept as text. */
export type GapReason =
  | "journalFull"
  | "journalUnavailable"
  | "writerDied"
  | "damaged"
  | `unknown(${string})`;

/**
 * The names of the reasons for a gap, each at the place of its bit, lowest first.
 *
 * Source: the header of the native library, `host/native/include`.
 */
export const gapReasons = [
  "journalFull",
  "journalUnavailable",
  "writerDied",
  "damaged",
] as const satisfies readonly GapReason[];
