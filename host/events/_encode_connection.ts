import { encodeCounters } from "./_encode_counters.ts";
import { bitPairs, maskOf, numberAt, numberOf } from "./_names.ts";
import { writeTime } from "./_time.ts";
import type { CcpFacts, CcpSide, Connection, Ipv6Facts, LcpFacts, LcpSide } from "./connection.ts";
import { connectionFlags } from "./connection_flag.ts";
import { interfaceTypes } from "./interface_type.ts";
import { layout } from "./layout.ts";
import { pppNames } from "./ppp_names.ts";
import { quarantineStates } from "./quarantine_state.ts";

const at = layout.connection;
const at3 = layout.reauthentication;
const from = layout.connection3GivenFrom;

const flagPairs = bitPairs(connectionFlags);
const FILETIME_EPOCH_MICROSECONDS = 11_644_473_600_000_000n;

/**
 * The structures that a connection's fields are written to. When it was authenticated again, those
 * of the third one go to the fourth, which has them all and may end anywhere.
 */
interface Given {
  readonly has0: boolean;
  readonly has1: boolean;
  readonly has2: boolean;
  readonly size3: number;
}

function givenOf(connection: Connection, isReauthentication: boolean): Given {
  const has0 = connection.flags !== undefined;
  const has1 = connection.errors !== undefined;
  if (!isReauthentication) {
    return { has0, has1, has2: connection.lcp !== undefined, size3: 0 };
  }
  const ends: [unknown, number][] = [
    [connection.probationEnd, from.probationEnd],
    [connection.quarantineState, from.quarantineState],
    [connection.lcp, from.lcp],
    [connection.ccp, from.ccp],
    [connection.ipv6, from.ipv6],
    [connection.ip?.localOptions, from.ipOptions],
    [has1 ? undefined : connection.clientAddress, from.clientAddress],
    [has1 ? undefined : connection.serverAddress, from.serverAddress],
    [has1 ? undefined : connection.ip, from.ipError],
    [connection.guid, from.guid],
    [has0 ? undefined : connection.interfaceType, from.interfaceType],
    [has0 ? undefined : connection.user, from.user],
    [has0 || has1 ? undefined : connection.handle, from.handle],
  ];
  return { has0, has1, has2: false, size3: ends.find(([value]) => value !== undefined)?.[1] ?? 0 };
}

/** The texts in the order of an entry. */
function textsOf(connection: Connection, { has0, has1, has2, size3 }: Given): string[] {
  const { user, domain, computer, interfaceName, clientAddress, serverAddress } = connection;
  const when = (condition: boolean, text: string | undefined) => condition ? text ?? "" : "";
  const is2 = has2 && !has1;
  const is3 = size3 > 0 && !has1;
  return [
    when(has0, interfaceName),
    when(has0, user),
    when(has0, domain),
    when(has0, computer),
    when(has1, serverAddress),
    when(has1, clientAddress),
    when(has2 && !has0, user),
    when(is2, serverAddress),
    when(is2, clientAddress),
    when(size3 > 0 && !has0, user),
    when(is3, serverAddress),
    when(is3, clientAddress),
  ];
}

/** The length of the entry of a connection event. */
export function connectionBytes(connection: Connection, isReauthentication: boolean): number {
  const texts = textsOf(connection, givenOf(connection, isReauthentication));
  const units = texts.reduce((sum, text) => sum + text.length, 0);
  return (isReauthentication ? at3.text : at.text) + units * 2;
}

/** Writes a connection into an entry of the length that {@linkcode connectionBytes} gives. */
export function encodeConnection(
  view: DataView,
  connection: Connection,
  isReauthentication: boolean,
): void {
  const given = givenOf(connection, isReauthentication);
  const { has0, has1, has2, size3 } = given;
  const present = (has0 ? 1 : 0) | (has1 ? 2 : 0) | (has2 ? 4 : 0) | (size3 > 0 ? 8 : 0);
  view.setUint16(at.present, present, true);
  let place: number = isReauthentication ? at3.text : at.text;
  textsOf(connection, given).forEach((text, index) => {
    view.setUint16(at.interfaceNameUnits + index * 2, text.length, true);
    for (let i = 0; i < text.length; i++, place += 2) {
      view.setUint16(place, text.charCodeAt(i), true);
    }
  });
  if (has0) encode0(view, connection);
  if (has1) encode1(view, connection);
  if (has2) encode2(view, connection);
  if (size3 > 0) encode3(view, connection, size3);
}

function encode0(view: DataView, connection: Connection): void {
  setHandle(view, at.handle0, connection.handle);
  setHandle(view, at.interfaceHandle0, connection.interfaceHandle);
  view.setUint32(at.connectDuration, connection.connectDurationSeconds ?? 0, true);
  view.setUint32(at.interfaceType0, numberAt(interfaceTypes, connection.interfaceType), true);
  view.setUint32(at.flags, maskOf(flagPairs, connection.flags), true);
}

function encode1(view: DataView, connection: Connection): void {
  setHandle(view, at.handle1, connection.handle);
  setHandle(view, at.interfaceHandle1, connection.interfaceHandle);
  view.setUint32(at.ipError1, connection.ip?.error ?? 0, true);
  encodeCounters(view, at, connection);
}

function encode2(view: DataView, connection: Connection): void {
  setHandle(view, at.handle2, connection.handle);
  view.setUint32(at.interfaceType2, numberAt(interfaceTypes, connection.interfaceType), true);
  setGuid(view, at.guid2, connection.guid);
  view.setUint32(at.ipError2, connection.ip?.error ?? 0, true);
  setIpOptions(view, at.ipOptions2, connection);
  setCcp(view, at.ccp2, connection.ccp);
  setLcp(view, at.lcp2, connection.lcp);
}

function encode3(view: DataView, connection: Connection, size: number): void {
  view.setUint32(at3.size, size, true);
  setHandle(view, at3.handle3, connection.handle);
  view.setUint32(at3.interfaceType3, numberAt(interfaceTypes, connection.interfaceType), true);
  setGuid(view, at3.guid3, connection.guid);
  view.setUint32(at3.ipError3, connection.ip?.error ?? 0, true);
  setIpOptions(view, at3.ipOptions3, connection);
  setIpv6(view, connection.ipv6);
  setCcp(view, at3.ccp3, connection.ccp);
  setLcp(view, at3.lcp3, connection.lcp);
  const state = numberAt(quarantineStates, connection.quarantineState);
  view.setUint32(at3.quarantineState, state, true);
  if (connection.probationEnd === undefined) return;
  writeTime(view, at3.probationEnd, connection.probationEnd);
  const microseconds = view.getBigInt64(at3.probationEnd, true);
  view.setBigUint64(at3.probationEnd, (microseconds + FILETIME_EPOCH_MICROSECONDS) * 10n, true);
}

function setHandle(view: DataView, offset: number, handle: string | undefined): void {
  view.setBigUint64(offset, BigInt(handle ?? 0), true);
}

function setGuid(view: DataView, offset: number, guid: string | undefined): void {
  if (guid === undefined) return;
  const [first, second, third, fourth, fifth] = guid.split("-") as [
    string,
    string,
    string,
    string,
    string,
  ];
  view.setUint32(offset, parseInt(first, 16), true);
  view.setUint16(offset + 4, parseInt(second, 16), true);
  view.setUint16(offset + 6, parseInt(third, 16), true);
  view.setBigUint64(offset + 8, BigInt(`0x${fourth}${fifth}`));
}

function setIpOptions(view: DataView, offset: number, { ip }: Connection): void {
  view.setUint32(offset, maskOf(pppNames.ipOptions, ip?.localOptions), true);
  view.setUint32(offset + 4, maskOf(pppNames.ipOptions, ip?.remoteOptions), true);
}

function setIpv6(view: DataView, ipv6: Ipv6Facts | undefined): void {
  if (ipv6 === undefined) return;
  const [prefix = "", length = "0"] = ipv6.clientPrefix.split("::/");
  view.setUint32(at3.ipv6Size, layout.ipv6Bytes, true);
  view.setUint32(at3.ipv6Error, ipv6.error, true);
  setGroups(view, at3.ipv6InterfaceId, ipv6.serverInterfaceId);
  setGroups(view, at3.ipv6RemoteInterfaceId, ipv6.clientInterfaceId);
  setGroups(view, at3.ipv6Prefix, prefix);
  view.setUint32(at3.ipv6PrefixLength, Number(length), true);
}

function setGroups(view: DataView, offset: number, groups: string): void {
  view.setBigUint64(offset, BigInt(`0x${groups.replaceAll(":", "")}`));
}

function setCcp(view: DataView, offset: number, ccp: CcpFacts | undefined): void {
  const side = (start: number, of: CcpSide | undefined) => {
    view.setUint32(start, numberOf(pppNames.compressionAlgorithms, of?.algorithm), true);
    view.setUint32(start + 4, maskOf(pppNames.ccpOptions, of?.options), true);
  };
  view.setUint32(offset, ccp?.error ?? 0, true);
  side(offset + 4, ccp?.local);
  side(offset + 12, ccp?.remote);
}

function setLcp(view: DataView, offset: number, lcp: LcpFacts | undefined): void {
  const set = (place: number, value: number) => view.setUint32(offset + place, value, true);
  const side = (of: LcpSide | undefined, protocol: number, options: number, eapType: number) => {
    set(protocol, numberOf(pppNames.authenticationProtocols, of?.authenticationProtocol));
    set(protocol + 4, numberOf(pppNames.chapVariants, of?.chapVariant));
    set(options, maskOf(pppNames.lcpOptions, of?.options));
    set(eapType, of?.eapType ?? 0);
  };
  set(0, lcp?.error ?? 0);
  side(lcp?.local, 4, 28, 36);
  side(lcp?.remote, 12, 32, 40);
}
