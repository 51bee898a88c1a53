import { uint16, uint32 } from "./little_endian.ts";
import { bitPairs, indexedName, nameOf, namesOf, type Pairs } from "./_names.ts";
import { readHex } from "./_number.ts";
import { readText } from "./_text.ts";
import { readTime } from "./_time.ts";
import type { CcpFacts, Connection, IpFacts, Ipv6Facts, LcpFacts } from "./connection.ts";
import { connectionFlags } from "./connection_flag.ts";
import { EntryError } from "./entry_error.ts";
import { interfaceTypes } from "./interface_type.ts";
import { layout } from "./layout.ts";
import { normalizeUser } from "./normalize_user.ts";
import { pppNames } from "./ppp_names.ts";
import { quarantineStates } from "./quarantine_state.ts";

const at = layout.connection;
const at3 = layout.reauthentication;
const from = layout.connection3GivenFrom;
const max = layout.textUnitsMax;

const flagPairs = bitPairs(connectionFlags);
const PROBATION = quarantineStates.indexOf("probation");
/** The year 10000 in microseconds from 1970: what four digits of a year can not say. */
const MICROSECONDS_END = 253_402_300_800_000_000n;
const FILETIME_EPOCH_MICROSECONDS = 11_644_473_600_000_000n;

/** The longest possible texts, in their order in an entry. */
const textsMax = [
  max.interfaceName,
  max.userName,
  max.logonDomain,
  max.remoteComputer,
  ...[max.address, max.address],
  ...[max.userName, max.address, max.address],
  ...[max.userName, max.address, max.address],
];

/** The places of texts in that order. */
const textAt = {
  interfaceName: 0,
  user0: 1,
  domain: 2,
  computer: 3,
  server1: 4,
  client1: 5,
  user2: 6,
  server2: 7,
  client2: 8,
  user3: 9,
  server3: 10,
  client3: 11,
} as const;

/** An entry while it is read. */
interface Source {
  readonly view: DataView;
  readonly entry: number;
  /** Where each text stands in the buffer, and where the last one ends. */
  readonly texts: readonly number[];
  /** Whether each of the first three structures was given. */
  readonly has0: boolean;
  readonly has1: boolean;
  readonly has2: boolean;
  /** How much of the fourth one was given, 0 when it was not. */
  readonly size3: number;
}

/** Builds a connection; the caller has checked that `bytes` bytes lie in the buffer. */
export function decodeConnection(
  view: DataView,
  entry: number,
  bytes: number,
  isReauthentication: boolean,
): Connection {
  const source = openSource(view, entry, bytes, isReauthentication);
  const connection: Connection = {};
  putIdentity(connection, source);
  if (source.has1) putCounters(connection, source);
  putAgreements(connection, source);
  return connection;
}

function openSource(
  view: DataView,
  entry: number,
  bytes: number,
  isReauthentication: boolean,
): Source {
  const fixed = isReauthentication ? at3.text : at.text;
  if (bytes < fixed) {
    throw new EntryError(`it has ${bytes} bytes, at least ${fixed} are wanted`, entry);
  }
  const present = uint16(view, entry + at.present);
  const presentMax = isReauthentication ? 15 : 7;
  if (present > presentMax) {
    throw new EntryError(
      `it says that structures ${present} are there, 0 to ${presentMax} is wanted`,
      entry,
    );
  }
  const texts = [entry + fixed];
  textsMax.forEach((unitsMax, index) => {
    const units = uint16(view, entry + at.interfaceNameUnits + index * 2);
    if (units > unitsMax) {
      throw new EntryError(`a text has ${units} units, at most ${unitsMax} are wanted`, entry);
    }
    texts.push(texts[index]! + units * 2);
  });
  const wanted = texts.at(-1)! - entry;
  if (wanted > bytes) {
    throw new EntryError(`it has ${bytes} bytes, its texts want ${wanted}`, entry);
  }
  return {
    view,
    entry,
    texts,
    has0: (present & 1) !== 0,
    has1: (present & 2) !== 0,
    has2: (present & 4) !== 0,
    size3: (present & 8) !== 0 ? uint32(view, entry + at3.size) : 0,
  };
}

function putIdentity(connection: Connection, source: Source): void {
  const { view, entry, has0, has1, has2, size3 } = source;
  const handle = has0
    ? at.handle0
    : has1
    ? at.handle1
    : has2
    ? at.handle2
    : size3 >= from.handle
    ? at3.handle3
    : 0;
  if (handle !== 0) connection.handle = `0x${readHex(view, entry + handle)}`;
  const interfaceHandle = has0 ? at.interfaceHandle0 : has1 ? at.interfaceHandle1 : 0;
  if (interfaceHandle !== 0) {
    connection.interfaceHandle = `0x${readHex(view, entry + interfaceHandle)}`;
  }
  putText(connection, "user", source, [
    has0 && textAt.user0,
    has2 && textAt.user2,
    size3 >= from.user && textAt.user3,
  ]);
  putText(connection, "domain", source, [has0 && textAt.domain]);
  const account = normalizeUser(connection.user ?? "", connection.domain);
  if (account !== undefined) connection.account = account;
  putText(connection, "computer", source, [has0 && textAt.computer]);
  putText(connection, "interfaceName", source, [has0 && textAt.interfaceName]);
  const type = has0
    ? at.interfaceType0
    : has2
    ? at.interfaceType2
    : size3 >= from.interfaceType
    ? at3.interfaceType3
    : 0;
  if (type !== 0) {
    connection.interfaceType = indexedName(interfaceTypes, uint32(view, entry + type));
  }
  if (has0) {
    connection.flags = namesOf(flagPairs, uint32(view, entry + at.flags));
    connection.connectDurationSeconds = uint32(view, entry + at.connectDuration);
  }
  const guid = has2 ? at.guid2 : size3 >= from.guid ? at3.guid3 : 0;
  if (guid !== 0) connection.guid = readGuid(view, entry + guid);
  putText(connection, "clientAddress", source, [
    has1 && textAt.client1,
    has2 && textAt.client2,
    size3 >= from.clientAddress && textAt.client3,
  ]);
  putText(connection, "serverAddress", source, [
    has1 && textAt.server1,
    has2 && textAt.server2,
    size3 >= from.serverAddress && textAt.server3,
  ]);
}

type TextField =
  | "user"
  | "domain"
  | "computer"
  | "interfaceName"
  | "clientAddress"
  | "serverAddress";

/** The first text that is not empty, else the empty one; none when no structure was given. */
function putText(
  connection: Connection,
  field: TextField,
  { view, texts }: Source,
  places: readonly (number | false)[],
): void {
  for (const place of places) {
    if (place === false) continue;
    const start = texts[place]!;
    const text = readText(view, start, (texts[place + 1]! - start) / 2);
    connection[field] = text;
    if (text !== "") return;
  }
}

function putCounters(connection: Connection, { view, entry }: Source): void {
  const number = (offset: number) => uint32(view, entry + offset);
  connection.bytesTransmitted = number(at.bytesTransmitted);
  connection.bytesReceived = number(at.bytesReceived);
  connection.framesTransmitted = number(at.framesTransmitted);
  connection.framesReceived = number(at.framesReceived);
  connection.errors = {
    crc: number(at.crcErrors),
    timeout: number(at.timeoutErrors),
    alignment: number(at.alignmentErrors),
    hardwareOverrun: number(at.hardwareOverrunErrors),
    framing: number(at.framingErrors),
    bufferOverrun: number(at.bufferOverrunErrors),
  };
  connection.compressionRatioIn = number(at.compressionRatioIn);
  connection.compressionRatioOut = number(at.compressionRatioOut);
}

function putAgreements(connection: Connection, source: Source): void {
  const { view, entry, has2, size3 } = source;
  const ip = decodeIp(source);
  if (ip !== undefined) connection.ip = ip;
  // The structure says its own size, too.
  const isIpv6Given = size3 >= from.ipv6 &&
    uint32(view, entry + at3.ipv6Size) >= layout.ipv6Bytes;
  if (isIpv6Given) connection.ipv6 = decodeIpv6(view, entry);
  const ccp = has2 ? at.ccp2 : size3 >= from.ccp ? at3.ccp3 : 0;
  if (ccp !== 0) connection.ccp = decodeCcp(view, entry + ccp);
  const lcp = has2 ? at.lcp2 : size3 >= from.lcp ? at3.lcp3 : 0;
  if (lcp !== 0) connection.lcp = decodeLcp(view, entry + lcp);
  if (size3 >= from.quarantineState) {
    const state = uint32(view, entry + at3.quarantineState);
    connection.quarantineState = indexedName(quarantineStates, state);
    if (state === PROBATION && size3 >= from.probationEnd) putProbationEnd(connection, source);
  }
}

function decodeIp({ view, entry, has1, has2, size3 }: Source): IpFacts | undefined {
  const error = has1 ? at.ipError1 : has2 ? at.ipError2 : size3 >= from.ipError ? at3.ipError3 : 0;
  if (error === 0) return undefined;
  const ip: IpFacts = { error: uint32(view, entry + error) };
  const options = has2 ? at.ipOptions2 : size3 >= from.ipOptions ? at3.ipOptions3 : 0;
  if (options !== 0) {
    ip.localOptions = bits(pppNames.ipOptions, view, entry + options);
    ip.remoteOptions = bits(pppNames.ipOptions, view, entry + options + 4);
  }
  return ip;
}

function decodeIpv6(view: DataView, entry: number): Ipv6Facts {
  const prefixLength = uint32(view, entry + at3.ipv6PrefixLength);
  return {
    error: uint32(view, entry + at3.ipv6Error),
    serverInterfaceId: readGroups(view, entry + at3.ipv6InterfaceId),
    clientInterfaceId: readGroups(view, entry + at3.ipv6RemoteInterfaceId),
    clientPrefix: `${readGroups(view, entry + at3.ipv6Prefix)}::/${prefixLength}`,
  };
}

function decodeCcp(view: DataView, offset: number): CcpFacts {
  const side = (start: number) => ({
    algorithm: nameOf(pppNames.compressionAlgorithms, uint32(view, start)),
    options: bits(pppNames.ccpOptions, view, start + 4),
  });
  return {
    error: uint32(view, offset),
    local: side(offset + 4),
    remote: side(offset + 12),
  };
}

/** Protocol and variant of both sides come first, then their options, then their types of EAP. */
function decodeLcp(view: DataView, offset: number): LcpFacts {
  const number = (place: number) => uint32(view, offset + place);
  const side = (protocol: number, options: number, eapType: number) => ({
    authenticationProtocol: nameOf(pppNames.authenticationProtocols, number(protocol)),
    chapVariant: nameOf(pppNames.chapVariants, number(protocol + 4)),
    eapType: number(eapType),
    options: bits(pppNames.lcpOptions, view, offset + options),
  });
  return { error: number(0), local: side(4, 28, 36), remote: side(12, 32, 40) };
}

function bits<const Name extends string>(
  pairs: Pairs<Name>,
  view: DataView,
  offset: number,
): (Name | `unknown(${string})`)[] {
  return namesOf(pairs, uint32(view, offset));
}

function putProbationEnd(connection: Connection, { view, entry }: Source): void {
  const filetime = view.getBigUint64(entry + at3.probationEnd, true);
  const microseconds = filetime / 10n - FILETIME_EPOCH_MICROSECONDS;
  if (microseconds >= MICROSECONDS_END) return;
  const scratch = new DataView(new ArrayBuffer(8));
  scratch.setBigInt64(0, microseconds, true);
  connection.probationEnd = readTime(scratch, 0, entry);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function readGuid(view: DataView, offset: number): string {
  const parts = [
    hex(uint32(view, offset), 8),
    hex(uint16(view, offset + 4), 4),
    hex(uint16(view, offset + 6), 4),
    hex(view.getUint16(offset + 8), 4),
    hex(view.getUint16(offset + 10), 4) + hex(view.getUint32(offset + 12), 8),
  ];
  return parts.join("-");
}

/** Eight bytes in the order of the network as four groups. */
function readGroups(view: DataView, offset: number): string {
  return [0, 2, 4, 6].map((place) => hex(view.getUint16(offset + place), 4)).join(":");
}
