/** A state of a port's hardware by name; a number that is not known yet is kept as text. */
export type HardwareCondition = "operational" | "failure" | `unknown(${string})`;

/**
 * The names of `RAS_HARDWARE_CONDITION`, each at the place of its number.
 *
 * Source: `RAS_HARDWARE_CONDITION` of the Windows SDK's `mprapi.h`.
 */
export const hardwareConditions = [
  "operational",
  "failure",
] as const satisfies readonly HardwareCondition[];
