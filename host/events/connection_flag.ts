/** A flag of a connection by name; a bit that this version does not know is kept as text. */
export type ConnectionFlag =
  | "pppConnection"
  | "messengerPresent"
  | "rasConnection"
  | "quarantinePresent"
  | "ikev2Connection"
  | "dormant"
  | `unknown(${string})`;

/**
 * The names of the `RAS_FLAGS_*` bits, each at the place of its bit, lowest first. The bit of IKEv2
 * was that of AppleTalk connections, which no supported Windows Server has.
 *
 * Source: `RAS_CONNECTION_0` of the Windows SDK's `mprapi.h`.
 */
export const connectionFlags = [
  "pppConnection",
  "messengerPresent",
  "rasConnection",
  "quarantinePresent",
  "ikev2Connection",
  "dormant",
] as const satisfies readonly ConnectionFlag[];
