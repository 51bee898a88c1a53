/**
 * A connection as RAS describes it, and what names a person in it. The shapes are in `schema.ts` as
 * a zod schema too, and the compiler proves there that both are one.
 *
 * @module
 */
import type { ConnectionFlag } from "./connection_flag.ts";
import type { InterfaceType } from "./interface_type.ts";
import type { PortErrors } from "./port_errors.ts";
import type {
  AuthenticationProtocol,
  CcpOption,
  ChapVariant,
  CompressionAlgorithm,
  IpOption,
  LcpOption,
} from "./ppp_names.ts";
import type { QuarantineState } from "./quarantine_state.ts";

export type {
  AuthenticationProtocol,
  CcpOption,
  ChapVariant,
  CompressionAlgorithm,
  ConnectionFlag,
  InterfaceType,
  IpOption,
  LcpOption,
  QuarantineState,
};

/**
 * A connection, as RAS described it when it came up, changed or ended. RAS hands over
 * `RAS_CONNECTION_0`, `_1`, `_2`, and `_3` when a connection is authenticated again; any of them
 * may be missing, and then its fields are absent. What several of them have comes from the first
 * one that was given, texts from the first one in which they are not empty. Numbers are 32-bit, so
 * counters start again at 0 after 4294967295.
 */
export interface Connection {
  /** `hConnection`, as `0x…`: joins the connection with its links. May be used again later. */
  handle?: string;
  /** `hInterface`, as `0x…`. */
  interfaceHandle?: string;
  /** `wszUserName` as RAS gave it: `name`, `DOMAIN\name` or `name@realm`; names a person. */
  user?: string;
  /** `wszLogonDomain`: the domain that authenticated the user; names a person. May be empty. */
  domain?: string;
  /** `user` and `domain` in one form; names a person. Absent when there is no user. */
  account?: Account;
  /** `wszRemoteComputer`: the client's own name for itself; names a person. May be empty. */
  computer?: string;
  /** Name of the interface; with a demand-dial connection that of the other side. */
  interfaceName?: string;
  /** What is at the other end: `client`, or a router such as `fullRouter`. */
  interfaceType?: InterfaceType;
  /** What kind of connection it is; `ikev2Connection` and `dormant` are of IKEv2. */
  flags?: ConnectionFlag[];
  /** Seconds that the connection has lasted. */
  connectDurationSeconds?: number;
  /** Identity of the connection, valid while it is up: `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
  guid?: string;
  /** The client's address inside the tunnel, as text; names a person. May be empty. */
  clientAddress?: string;
  /** The server's address inside the tunnel, as text. */
  serverAddress?: string;
  /** Bytes from the server to the client. */
  bytesTransmitted?: number;
  /** Bytes from the client to the server. */
  bytesReceived?: number;
  /** Frames from the server to the client. */
  framesTransmitted?: number;
  /** Frames from the client to the server. */
  framesReceived?: number;
  /** Error counters. */
  errors?: ConnectionErrors;
  /** Size after compression in percent of the size before, from the client. */
  compressionRatioIn?: number;
  /** Size after compression in percent of the size before, to the client. */
  compressionRatioOut?: number;
  /** What was agreed on for IPv4. */
  ip?: IpFacts;
  /** What was agreed on for IPv6; only when a connection is authenticated again. */
  ipv6?: Ipv6Facts;
  /** What was agreed on for compression and encryption. */
  ccp?: CcpFacts;
  /** What was agreed on for the link. */
  lcp?: LcpFacts;
  /** Only when a connection is authenticated again. */
  quarantineState?: QuarantineState;
  /** When the probation ends: ISO 8601, UTC, with microseconds. Absent in other states. */
  probationEnd?: string;
}

/**
 * Who a user is, whichever way the name was written: lower-case name, upper-case domain,
 * lower-case realm.
 */
export interface Account {
  /** The name alone. */
  name: string;
  /** The domain that authenticated the user, else the one that stood before the name. */
  domain?: string;
  /** What stood behind the name and an `@`. */
  realm?: string;
  /** `DOMAIN\name`, else `name@realm`, else `name`: what to compare and to sum up by. */
  qualified: string;
}

/** The error counters of a connection. */
export type ConnectionErrors = PortErrors;

/** What was agreed on for IPv4. */
export interface IpFacts {
  /** 0, or the error that the negotiation ended with. */
  error: number;
  /** Options of the server's side. */
  localOptions?: IpOption[];
  /** Options of the client's side. */
  remoteOptions?: IpOption[];
}

/** What was agreed on for IPv6. */
export interface Ipv6Facts {
  /** 0, or the error that the negotiation ended with. */
  error: number;
  /** The server's interface, four groups of four hexadecimal digits; all 0 without IPv6. */
  serverInterfaceId: string;
  /** The client's interface, four groups of four hexadecimal digits; names a person. */
  clientInterfaceId: string;
  /** The client's prefix, such as `2001:0db8:0000:0001::/64`; names a person. */
  clientPrefix: string;
}

/** What was agreed on for compression and encryption (CCP). */
export interface CcpFacts {
  /** 0, or the error that the negotiation ended with. */
  error: number;
  /** The server's side. */
  local: CcpSide;
  /** The client's side. */
  remote: CcpSide;
}

/** One side's compression and encryption. */
export interface CcpSide {
  /** How it compresses. */
  algorithm: CompressionAlgorithm;
  /** What it does, encryption by MPPE included. */
  options: CcpOption[];
}

/** What was agreed on for the link (LCP). */
export interface LcpFacts {
  /** 0, or the error that the negotiation ended with. */
  error: number;
  /** The server's side. */
  local: LcpSide;
  /** The client's side. */
  remote: LcpSide;
}

/** One side of a link. */
export interface LcpSide {
  /** How it authenticates the other side. */
  authenticationProtocol: AuthenticationProtocol;
  /** The kind of CHAP. */
  chapVariant: ChapVariant;
  /** The type of EAP, as the numbers of RFC 3748 say; 0 without EAP. */
  eapType: number;
  /** Multilink, compressed headers, encryption. */
  options: LcpOption[];
}
