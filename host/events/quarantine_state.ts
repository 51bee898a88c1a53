/** A quarantine state by name; a number that this version does not know is kept as text. */
export type QuarantineState =
  | "normal"
  | "quarantine"
  | "probation"
  | "notCapable"
  | `unknown(${string})`;

/**
 * The names of `RAS_QUARANTINE_STATE`, each at the place of its number.
 *
 * Source: `RAS_QUARANTINE_STATE` of the Windows SDK's `mprapi.h`.
 */
export const quarantineStates = [
  "normal",
  "quarantine",
  "probation",
  "notCapable",
] as const satisfies readonly QuarantineState[];
