import type { Connection } from "../events/connection.ts";
import { COUNTERS_OF_ONES } from "./_sample_counters.ts";
import { rasLayout } from "./ras_layout.ts";

const UINT32_MAX = 0xffff_ffff;
const unknown = `unknown(${UINT32_MAX})` as const;
const ones = (units: number): string => "\uffff".repeat(units);

/** All 32 bits by name, those that have one. */
function allBits<Name extends string>(
  names: Readonly<Record<number, Name>>,
): (Name | `unknown(${string})`)[] {
  return Array.from(
    { length: 32 },
    (_, bit) => names[bit] ?? (`unknown(${2 ** bit})` as const),
  );
}

const { units } = rasLayout;

const ccpSide = {
  algorithm: unknown,
  options: allBits({
    0: "compression",
    4: "encryption40BitOld",
    5: "encryption40Bit",
    6: "encryption128Bit",
    7: "encryption56Bit",
    24: "historyless",
  }),
};
const lcpSide = {
  authenticationProtocol: unknown,
  chapVariant: unknown,
  eapType: UINT32_MAX,
  options: allBits({
    0: "multilinkFraming",
    1: "protocolFieldCompression",
    2: "addressFieldCompression",
    3: "shortSequenceHeader",
    4: "des56",
    5: "tripleDes",
    6: "aes128",
    7: "aes256",
    8: "aes192",
    9: "gcmAes128",
    10: "gcmAes192",
    11: "gcmAes256",
  }),
};

/** Every byte is 0xff, the sizes that structures say among them. */
export function expectedOnes(isAgain: boolean): Connection {
  const ipSide = allBits({ 0: "vanJacobsonCompression" });
  const groups = "ffff:ffff:ffff:ffff";
  return {
    handle: "0xffffffffffffffff",
    interfaceHandle: "0xffffffffffffffff",
    user: ones(units.userName),
    domain: ones(units.logonDomain),
    account: {
      name: ones(units.userName),
      domain: ones(units.logonDomain),
      qualified: `${ones(units.logonDomain)}\\${ones(units.userName)}`,
    },
    computer: ones(units.remoteComputer),
    interfaceName: ones(units.interfaceName),
    interfaceType: unknown,
    flags: allBits({
      0: "pppConnection",
      1: "messengerPresent",
      2: "rasConnection",
      3: "quarantinePresent",
      4: "ikev2Connection",
      5: "dormant",
    }),
    connectDurationSeconds: UINT32_MAX,
    guid: "ffffffff-ffff-ffff-ffff-ffffffffffff",
    clientAddress: ones(units.address),
    serverAddress: ones(units.address),
    ...COUNTERS_OF_ONES,
    ip: { error: UINT32_MAX, localOptions: ipSide, remoteOptions: ipSide },
    ccp: { error: UINT32_MAX, local: ccpSide, remote: ccpSide },
    lcp: { error: UINT32_MAX, local: lcpSide, remote: lcpSide },
    ...(isAgain && {
      ipv6: {
        error: UINT32_MAX,
        serverInterfaceId: groups,
        clientInterfaceId: groups,
        clientPrefix: `${groups}::/${UINT32_MAX}`,
      },
      quarantineState: unknown,
    }),
  };
}
