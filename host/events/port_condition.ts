/** A state of a port by name; a number that this version does not know is kept as text. */
export type PortCondition =
  | "nonOperational"
  | "disconnected"
  | "callingBack"
  | "listening"
  | "authenticating"
  | "authenticated"
  | "initializing"
  | `unknown(${string})`;

/**
 * The names of `RAS_PORT_CONDITION`, each at the place of its number.
 *
 * Source: `RAS_PORT_CONDITION` of the Windows SDK's `mprapi.h`.
 */
export const portConditions = [
  "nonOperational",
  "disconnected",
  "callingBack",
  "listening",
  "authenticating",
  "authenticated",
  "initializing",
] as const satisfies readonly PortCondition[];
