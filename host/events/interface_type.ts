/** A kind of router interface by name; a number that this version does not know is kept as text. */
export type InterfaceType =
  | "client"
  | "homeRouter"
  | "fullRouter"
  | "dedicated"
  | "internal"
  | "loopback"
  | "tunnel"
  | "dialOut"
  | `unknown(${string})`;

/**
 * The names of `ROUTER_INTERFACE_TYPE`, each at the place of its number.
 *
 * Source: `ROUTER_INTERFACE_TYPE` of the Windows SDK's `mprapi.h`.
 */
export const interfaceTypes = [
  "client",
  "homeRouter",
  "fullRouter",
  "dedicated",
  "internal",
  "loopback",
  "tunnel",
  "dialOut",
] as const satisfies readonly InterfaceType[];
