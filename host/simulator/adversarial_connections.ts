import type { Connection } from "../events/connection.ts";
import { expectedOnes } from "./_connection_of_ones.ts";
import {
  expected0,
  expected1,
  expected2,
  expected3,
  fieldsOf,
  ipv6Of,
  normal,
  parts3,
  together,
} from "./_connection_parts.ts";
import { rasLayout } from "./ras_layout.ts";
import {
  type ConnectionFields,
  type NegotiatedFields,
  type Structure,
  structures,
} from "./structures.ts";

/** The events that come of callouts about connections. */
export type AdversarialConnectionType = "connectionUp" | "connectionHangup" | "reauthentication";

type Case = Pick<AdversarialConnection, "name" | "structures" | "expected">;

/** A callout about a connection that a library must survive, and what a plugin has to see of it. */
export interface AdversarialConnection {
  /** What is special about it. */
  readonly name: string;
  /** The event that it becomes. */
  readonly type: AdversarialConnectionType;
  /** The arguments of the callout; the fourth is of a reauthentication alone. */
  readonly structures: readonly [
    Structure | null,
    Structure | null,
    Structure | null,
    Structure | null,
  ];
  /** `connection` of the event that comes out at the other end, exactly. */
  readonly expected: Connection;
}

const expected = [expected0, expected1, expected2, expected3(792)];
const { units } = rasLayout;
const PLACES = [0, 1, 2, 3];

/** The normal structures but those at some places, which are null. */
function without(name: string, ...places: readonly number[]): Case {
  const at = (place: number) => places.includes(place) ? null : normal[place]!;
  return {
    name,
    structures: [at(0), at(1), at(2), at(3)],
    expected: together(...expected.filter((_, place) => !places.includes(place))),
  };
}

/** Structures with other fields than the normal ones, the same in all four. */
function withFields(name: string, changed: Partial<ConnectionFields>, seen: Connection): Case {
  const of = (place: number) => ({ ...fieldsOf(place), ...changed });
  return {
    name,
    structures: [
      structures.connection0(of(0)),
      structures.connection1(of(1)),
      structures.connection2(of(2)),
      null,
    ],
    expected: { ...without("", 3).expected, ...seen },
  };
}

/** A `RAS_CONNECTION_3` alone that says to have so many bytes. */
function ofSize(size: number): Case {
  const structure = normal[3].slice();
  new DataView(structure.buffer).setUint32(4, size, true);
  return {
    name: `a size of ${size}`,
    structures: [null, null, null, structure],
    expected: expected3(size),
  };
}

/** A `RAS_CONNECTION_3` alone that says something else at its end. */
function withLast(name: string, changed: NegotiatedFields, seen: Connection): Case {
  const fields = fieldsOf(3);
  const negotiated = { ...fields.negotiated, ...changed };
  const { ipv6: _, quarantineState: _state, probationEnd: _end, ...rest } = expected3(792);
  return {
    name,
    structures: [null, null, null, structures.connection3({ ...fields, negotiated })],
    expected: { ...rest, ...seen },
  };
}

const full = {
  userName: "U".repeat(units.userName),
  logonDomain: "D".repeat(units.logonDomain),
  remoteComputer: "C".repeat(units.remoteComputer),
  interfaceName: "I".repeat(units.interfaceName),
  clientAddress: "9".repeat(units.address),
  serverAddress: "8".repeat(units.address),
};

const filled = (bytes: number): Structure => new Uint8Array(bytes).fill(0xff);

function onesCase(isAgain: boolean): Case {
  const { connection0, connection1, connection2, connection3 } = rasLayout;
  return {
    name: "all ones",
    structures: [
      filled(connection0.size),
      filled(connection1.size),
      filled(connection2.size),
      isAgain ? filled(connection3.size) : null,
    ],
    expected: expectedOnes(isAgain),
  };
}

/** What holds for every connection; the fourth structure is never given. */
const cases: readonly Case[] = [
  without("normal", 3),
  ...PLACES.slice(0, 3).map((place) => without(`pointer ${place} null`, place, 3)),
  ...PLACES.slice(0, 3).map((place) =>
    without(`all pointers null but ${place}`, ...PLACES.filter((other) => other !== place))
  ),
  without("all pointers null", ...PLACES),
  withFields("arrays full without terminator", full, {
    user: full.userName,
    domain: full.logonDomain,
    account: {
      name: "u".repeat(units.userName),
      domain: full.logonDomain,
      qualified: `${full.logonDomain}\\${"u".repeat(units.userName)}`,
    },
    computer: full.remoteComputer,
    interfaceName: full.interfaceName,
    clientAddress: full.clientAddress,
    serverAddress: full.serverAddress,
  }),
  withFields(
    "unpaired surrogates",
    {
      userName: "a\ud83dl\u{1f600}",
      logonDomain: "\ude00",
      remoteComputer: "\ud83d",
      interfaceName: "\ude00\ud83d",
      clientAddress: "1\ud83d",
      serverAddress: "\ude00",
    },
    {
      user: "a\ufffdl\u{1f600}",
      domain: "\ufffd",
      account: {
        name: "a\ufffdl\u{1f600}",
        domain: "\ufffd",
        qualified: "\ufffd\\a\ufffdl\u{1f600}",
      },
      computer: "\ufffd",
      interfaceName: "\ufffd\ufffd",
      clientAddress: "1\ufffd",
      serverAddress: "\ufffd",
    },
  ),
  withFields(
    "unknown enumeration values",
    {
      interfaceType: 8,
      negotiated: {
        ccp: [0, 4, 0, 0xffff_ffff, 2],
        lcp: [0, 0xc224, 0x82, 0, 0, 0, 0, 0x1000, 0, 0, 0],
      },
      multilink: false,
    },
    {
      interfaceType: "unknown(8)",
      errors: {
        crc: 0,
        timeout: 0,
        alignment: 0,
        hardwareOverrun: 0,
        framing: 0,
        bufferOverrun: 0,
      },
      ip: { error: 0, localOptions: [], remoteOptions: [] },
      ccp: {
        error: 0,
        local: { algorithm: "unknown(4)", options: [] },
        remote: { algorithm: "unknown(4294967295)", options: ["unknown(2)"] },
      },
      lcp: {
        error: 0,
        local: {
          authenticationProtocol: "unknown(49700)",
          chapVariant: "unknown(130)",
          eapType: 0,
          options: ["unknown(4096)"],
        },
        remote: { authenticationProtocol: "none", chapVariant: "none", eapType: 0, options: [] },
      },
    },
  ),
  {
    name: "texts empty in the first structure that has them",
    structures: [
      structures.connection0({ ...fieldsOf(0), userName: "", logonDomain: "" }),
      structures.connection1({ ...fieldsOf(1), clientAddress: "" }),
      normal[2],
      null,
    ],
    expected: {
      ...without("", 3).expected,
      user: "Two@Realm.example",
      domain: "",
      account: { name: "two", realm: "realm.example", qualified: "two@realm.example" },
      clientAddress: "10.2.0.2",
    },
  },
];

const againCases: readonly Case[] = [
  without("normal"),
  ...PLACES.map((place) => without(`pointer ${place} null`, place)),
  ...PLACES.map((place) =>
    without(`all pointers null but ${place}`, ...PLACES.filter((other) => other !== place))
  ),
  onesCase(true),
  ...[0, 4, 8, ...parts3.flatMap(([end]) => [end - 1, end]), 793, 4096, 0xffff_ffff].map(ofSize),
  withLast("an IPv6 structure that ends early", { ipv6: ipv6Of(47) }, {
    quarantineState: "probation",
    probationEnd: expected3(792).probationEnd!,
  }),
  withLast("no probation", { ipv6: ipv6Of(49), quarantineState: 3 }, {
    ipv6: expected3(792).ipv6!,
    quarantineState: "notCapable",
  }),
  withLast("an unknown state", { ipv6: ipv6Of(0), quarantineState: 4 }, {
    quarantineState: "unknown(4)",
  }),
  withLast("a probation that never ends", { ipv6: ipv6Of(0), timer: 0xffff_ffff_ffff_ffffn }, {
    quarantineState: "probation",
  }),
  withLast("a probation that ended in 1601", { ipv6: ipv6Of(0), timer: 0n }, {
    quarantineState: "probation",
    probationEnd: "1601-01-01T00:00:00.000000Z",
  }),
];

/**
 * Adversarial callouts about connections: each structure missing, all that RAS could hand over when
 * memory is corrupt or a later Windows adds values, and a `RAS_CONNECTION_3` of every length. Played
 * in this order.
 */
export const adversarialConnections: readonly AdversarialConnection[] = [
  ...[...cases, onesCase(false)].flatMap((one): AdversarialConnection[] => [
    { ...one, type: "connectionUp" },
    { ...one, type: "connectionHangup" },
    { ...one, type: "reauthentication" },
  ]),
  ...againCases.map((one): AdversarialConnection => ({ ...one, type: "reauthentication" })),
];
