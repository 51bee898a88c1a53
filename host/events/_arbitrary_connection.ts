import fc from "fast-check";
import { bitsOf, counters, handle, named, text, uint32 } from "./_arbitrary_parts.ts";
import type { Connection } from "./connection.ts";
import { connectionFlags } from "./connection_flag.ts";
import { interfaceTypes } from "./interface_type.ts";
import { layout } from "./layout.ts";
import { normalizeUser } from "./normalize_user.ts";
import { pppNames } from "./ppp_names.ts";
import { quarantineStates } from "./quarantine_state.ts";

const max = layout.textUnitsMax;

/** Any number with a name, or any without one. */
function pairNamed<const Name extends string>(
  pairs: readonly (readonly [number, Name])[],
): fc.Arbitrary<Name | `unknown(${string})`> {
  const known = new Set(pairs.map(([number]) => number));
  return fc.oneof(
    fc.constantFrom(...pairs.map(([, name]) => name)),
    uint32.filter((number) => !known.has(number)).map((n) => `unknown(${n})` as const),
  );
}

function pairBits<const Name extends string>(
  pairs: readonly (readonly [number, Name])[],
): fc.Arbitrary<(Name | `unknown(${string})`)[]> {
  const names = new Map(pairs);
  return bitsOf((bit) => names.get(2 ** bit));
}

const user = fc.oneof(
  text(max.userName),
  fc.tuple(
    fc.constantFrom("", "CORP\\", "corp\\", ".\\", "\\"),
    fc.constantFrom("alice", "Bj\u00f6rn", "PC-1$", ""),
    fc.constantFrom("", "@corp.example", "@"),
  ).map((parts) => parts.join("")),
);
const address = fc.oneof(fc.ipV4(), fc.constant(""), text(max.address));
const groups = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) =>
  bytes.toHex().replace(/(....)(?=.)/g, "$1:")
);

const ccpSide = fc.record({
  algorithm: pairNamed(pppNames.compressionAlgorithms),
  options: pairBits(pppNames.ccpOptions),
});
const lcpSide = fc.record({
  authenticationProtocol: pairNamed(pppNames.authenticationProtocols),
  chapVariant: pairNamed(pppNames.chapVariants),
  eapType: uint32,
  options: pairBits(pppNames.lcpOptions),
});
const probationEnd = fc.date({
  min: new Date("1601-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
}).map((date) => `${date.toISOString().slice(0, 23)}456Z`);

/** Everything that the structures can say. */
const whole = fc.record({
  handle,
  interfaceHandle: handle,
  user,
  domain: fc.oneof(fc.constant("CORP"), fc.constant(""), text(max.logonDomain)),
  computer: text(max.remoteComputer),
  interfaceName: text(max.interfaceName),
  interfaceType: named(interfaceTypes),
  flags: bitsOf((bit) => connectionFlags[bit]),
  connectDurationSeconds: uint32,
  guid: fc.uuid(),
  clientAddress: address,
  serverAddress: address,
  ...counters,
  ipError: uint32,
  ipOptions: fc.record({
    localOptions: pairBits(pppNames.ipOptions),
    remoteOptions: pairBits(pppNames.ipOptions),
  }),
  ipv6: fc.option(
    fc.record({
      error: uint32,
      serverInterfaceId: groups,
      clientInterfaceId: groups,
      clientPrefix: fc.tuple(groups, uint32).map(([prefix, length]) => `${prefix}::/${length}`),
    }),
    { nil: undefined },
  ),
  ccp: fc.record({ error: uint32, local: ccpSide, remote: ccpSide }),
  lcp: fc.record({ error: uint32, local: lcpSide, remote: lcpSide }),
  quarantineState: named(quarantineStates),
  probationEnd: fc.option(probationEnd, { nil: undefined }),
});

type Whole = typeof whole extends fc.Arbitrary<infer Value> ? Value : never;

/** Where in `RAS_CONNECTION_3` the fields end that are in it; the sizes that it may have. */
const sizes = [0, ...Object.values(layout.connection3GivenFrom)];

/** What is left of `all` when only some structures were given, of the fourth so many bytes. */
function given(
  all: Whole,
  has0: boolean,
  has1: boolean,
  has2: boolean,
  size: number,
): Connection {
  const from = layout.connection3GivenFrom;
  const account = has0 || has2 || size >= from.user
    ? normalizeUser(all.user, has0 ? all.domain : undefined)
    : undefined;
  const fields: [keyof Connection, boolean, unknown][] = [
    ["handle", has0 || has1 || has2 || size >= from.handle, all.handle],
    ["interfaceHandle", has0 || has1, all.interfaceHandle],
    ["user", has0 || has2 || size >= from.user, all.user],
    ["domain", has0, all.domain],
    ["account", account !== undefined, account],
    ["computer", has0, all.computer],
    ["interfaceName", has0, all.interfaceName],
    ["interfaceType", has0 || has2 || size >= from.interfaceType, all.interfaceType],
    ["flags", has0, all.flags],
    ["connectDurationSeconds", has0, all.connectDurationSeconds],
    ["guid", has2 || size >= from.guid, all.guid],
    ["clientAddress", has1 || has2 || size >= from.clientAddress, all.clientAddress],
    ["serverAddress", has1 || has2 || size >= from.serverAddress, all.serverAddress],
    ["bytesTransmitted", has1, all.bytesTransmitted],
    ["bytesReceived", has1, all.bytesReceived],
    ["framesTransmitted", has1, all.framesTransmitted],
    ["framesReceived", has1, all.framesReceived],
    ["errors", has1, all.errors],
    ["compressionRatioIn", has1, all.compressionRatioIn],
    ["compressionRatioOut", has1, all.compressionRatioOut],
    ["ip", has1 || has2 || size >= from.ipError, {
      error: all.ipError,
      ...(has2 || size >= from.ipOptions ? all.ipOptions : {}),
    }],
    ["ipv6", size >= from.ipv6 && all.ipv6 !== undefined, all.ipv6],
    ["ccp", has2 || size >= from.ccp, all.ccp],
    ["lcp", has2 || size >= from.lcp, all.lcp],
    ["quarantineState", size >= from.quarantineState, all.quarantineState],
    [
      "probationEnd",
      size >= from.probationEnd && all.quarantineState === "probation" &&
      all.probationEnd !== undefined,
      all.probationEnd,
    ],
  ];
  return Object.fromEntries(
    fields.filter(([, has]) => has).map(([name, , value]) => [name, value]),
  ) as Connection;
}

const has = fc.boolean();

/** What the decoder can give of a connection that comes up or ends. */
export const arbitraryConnection: fc.Arbitrary<Connection> = fc.tuple(whole, has, has, has).map(
  ([all, has0, has1, has2]) => given(all, has0, has1, has2, 0),
);

/** What the decoder can give of a connection that is authenticated again. */
export const arbitraryReauthentication: fc.Arbitrary<Connection> = fc
  .tuple(whole, has, has, has, fc.constantFrom(...sizes))
  .map(([all, has0, has1, has2, size]) => given(all, has0, has1, has2, size));
