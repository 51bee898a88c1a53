import type { Connection, IpFacts } from "../events/connection.ts";
import { type ConnectionFields, structures } from "./structures.ts";
import { SAMPLE_COUNTERS, SAMPLE_TRAFFIC } from "./_sample_counters.ts";

/** What one of the structures says; each says something else, to see which one is believed. */
export function fieldsOf(number: number): ConnectionFields {
  return {
    connection: 0xa0n + BigInt(number),
    interface: 0xb0n + BigInt(number),
    connectDurationSeconds: 4321,
    interfaceType: [0, 9, 2, 7][number]!,
    flags: 0x11,
    interfaceName: "Branch-Gent",
    userName: ["Corp\\Zero", "one", "Two@Realm.example", "three"][number]!,
    logonDomain: "Dom",
    remoteComputer: "LT-0001",
    guid: Uint8Array.from({ length: 16 }, (_, i) => i + 16 * number),
    serverAddress: `10.${number}.0.1`,
    clientAddress: `10.${number}.0.2`,
    multilink: true,
    traffic: SAMPLE_TRAFFIC,
    negotiated: {
      ipError: 700 + number,
      ipOptions: [1, 3],
      ccp: [800 + number, 6, 0x0100_0041, 5, 0x20],
      lcp: [900 + number, 0xc223, 0x81, 0xc227, 0, 0, 0, 0x46, 0x801, 26, 13],
      ipv6: ipv6Of(48),
      errors: [1, 2, 3, 4, 5, 6],
      quarantineState: 2,
      // 2026-11-22T10:00:00.1234567Z, and one more digit than an event has.
      timer: 134_398_152_001_234_567n,
    },
  };
}

export function ipv6Of(size: number): Uint8Array {
  const bytes = Uint8Array.from({ length: 48 }, (_, i) => i);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, size, true);
  view.setUint32(8, 600, true);
  view.setUint32(44, 64, true);
  return bytes;
}

export const normal = [
  structures.connection0(fieldsOf(0)),
  structures.connection1(fieldsOf(1)),
  structures.connection2(fieldsOf(2)),
  structures.connection3(fieldsOf(3)),
] as const;

export const expected0: Connection = {
  handle: "0xa0",
  interfaceHandle: "0xb0",
  user: "Corp\\Zero",
  domain: "Dom",
  account: { name: "zero", domain: "DOM", qualified: "DOM\\zero" },
  computer: "LT-0001",
  interfaceName: "Branch-Gent",
  interfaceType: "client",
  flags: ["pppConnection", "ikev2Connection"],
  connectDurationSeconds: 4321,
};

export const expected1: Connection = {
  handle: "0xa1",
  interfaceHandle: "0xb1",
  clientAddress: "10.1.0.2",
  serverAddress: "10.1.0.1",
  ...SAMPLE_COUNTERS,
  ip: { error: 701 },
};

const ipOptions = {
  localOptions: ["vanJacobsonCompression"],
  remoteOptions: ["vanJacobsonCompression", "unknown(2)"],
} satisfies Partial<IpFacts>;

const ccpSides = {
  local: { algorithm: "mppc", options: ["compression", "encryption128Bit", "historyless"] },
  remote: { algorithm: "stac", options: ["encryption40Bit"] },
} satisfies Omit<NonNullable<Connection["ccp"]>, "error">;

const lcpSides = {
  local: {
    authenticationProtocol: "chap",
    chapVariant: "msV2",
    eapType: 26,
    // The structures are of a connection with several links.
    options: [
      "multilinkFraming",
      "protocolFieldCompression",
      "addressFieldCompression",
      "aes128",
    ],
  },
  remote: {
    authenticationProtocol: "eap",
    chapVariant: "none",
    eapType: 13,
    options: ["multilinkFraming", "gcmAes256"],
  },
} satisfies Omit<NonNullable<Connection["lcp"]>, "error">;

export const expected2: Connection = {
  handle: "0xa2",
  user: "Two@Realm.example",
  account: { name: "two", realm: "realm.example", qualified: "two@realm.example" },
  interfaceType: "fullRouter",
  guid: "23222120-2524-2726-2829-2a2b2c2d2e2f",
  clientAddress: "10.2.0.2",
  serverAddress: "10.2.0.1",
  ip: { error: 702, ...ipOptions },
  ccp: { error: 802, ...ccpSides },
  lcp: { error: 902, ...lcpSides },
};

/** What `RAS_CONNECTION_3` says, and how many of its bytes have to be there for it. */
export const parts3: readonly (readonly [number, Connection])[] = [
  [16, { handle: "0xa3" }],
  [530, { user: "three", account: { name: "three", qualified: "three" } }],
  [536, { interfaceType: "dialOut" }],
  [552, { guid: "33323130-3534-3736-3839-3a3b3c3d3e3f" }],
  [596, { ip: { error: 703 } }],
  [628, { serverAddress: "10.3.0.1" }],
  [660, { clientAddress: "10.3.0.2" }],
  [668, { ip: { error: 703, ...ipOptions } }],
  [716, {
    ipv6: {
      error: 600,
      serverInterfaceId: "0c0d:0e0f:1011:1213",
      clientInterfaceId: "1415:1617:1819:1a1b",
      clientPrefix: "2425:2627:2829:2a2b::/64",
    },
  }],
  [736, { ccp: { error: 803, ...ccpSides } }],
  [780, { lcp: { error: 903, ...lcpSides } }],
  [784, { quarantineState: "probation" }],
  [792, { probationEnd: "2026-11-22T10:00:00.123456Z" }],
];

export function expected3(bytes: number): Connection {
  return Object.assign({}, ...parts3.filter(([end]) => end <= bytes).map(([, part]) => part));
}

/** What several structures say together: the first one that says something is believed. */
export function together(...parts: readonly Connection[]): Connection {
  const ip = Object.assign({}, ...parts.map((part) => part.ip).toReversed());
  const all = Object.assign({}, ...parts.toReversed());
  return Object.keys(ip).length === 0 ? all : { ...all, ip };
}
