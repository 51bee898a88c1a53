import { invariant } from "../internal/invariant.ts";
import { rasLayout } from "./ras_layout.ts";

const { units } = rasLayout;

/** A structure of RAS in memory. */
export type Structure = Uint8Array<ArrayBuffer>;

/** What `RAS_PORT_0` says. Handles are 64-bit, all other numbers 32-bit. */
export interface Port0Fields {
  readonly port: bigint;
  readonly connection: bigint;
  readonly condition: number;
  readonly totalCalls: number;
  readonly connectDurationSeconds: number;
  readonly portName: string;
  readonly mediaName: string;
  readonly deviceName: string;
  readonly deviceType: string;
}

/** What `RAS_PORT_1` says. */
export interface Port1Fields {
  readonly port: bigint;
  readonly connection: bigint;
  readonly hardwareCondition: number;
  readonly lineSpeedBitsPerSecond: number;
  readonly traffic: TrafficFields;
  readonly crcErrors: number;
  readonly timeoutErrors: number;
  readonly alignmentErrors: number;
  readonly hardwareOverrunErrors: number;
  readonly framingErrors: number;
  readonly bufferOverrunErrors: number;
}

/** What ports and connections count alike. */
export interface TrafficFields {
  readonly bytesTransmitted: number;
  readonly bytesReceived: number;
  readonly framesTransmitted: number;
  readonly framesReceived: number;
  readonly compressionRatioIn: number;
  readonly compressionRatioOut: number;
}

/** What the structures of a connection say. */
export interface ConnectionFields {
  readonly connection: bigint;
  readonly interface: bigint;
  readonly connectDurationSeconds: number;
  /** `ROUTER_INTERFACE_TYPE`; 0 is a client. */
  readonly interfaceType: number;
  /** `RAS_FLAGS_*`. */
  readonly flags: number;
  readonly interfaceName: string;
  readonly userName: string;
  readonly logonDomain: string;
  readonly remoteComputer: string;
  /** 16 bytes. */
  readonly guid: Uint8Array;
  readonly serverAddress: string;
  readonly clientAddress: string;
  readonly multilink: boolean;
  readonly traffic: TrafficFields;
  /** What was negotiated; all 0 when it is left out. */
  readonly negotiated?: NegotiatedFields;
}

/** What the PPP structures say, number by number in their order. */
export interface NegotiatedFields {
  /** `dwError` of IPCP. */
  readonly ipError?: number;
  /** `dwOptions` and `dwRemoteOptions` of IPCP. */
  readonly ipOptions?: readonly [number, number];
  /** The 5 numbers of `PPP_CCP_INFO`. */
  readonly ccp?: readonly number[];
  /** The 11 numbers of `PPP_LCP_INFO`; multilink is set besides. */
  readonly lcp?: readonly number[];
  /** The 48 bytes of `PPP_IPV6_CP_INFO`. */
  readonly ipv6?: Uint8Array;
  /** `dwCrcErr` to `dwBufferOverrunErr`. */
  readonly errors?: readonly number[];
  readonly quarantineState?: number;
  /** FILETIME. */
  readonly timer?: bigint;
}

/**
 * Builds the structures that RAS hands to its administration DLLs, byte for byte as on x64
 * Windows. A text that is as long as its array fills it without a terminator, as RAS may do; a
 * longer one is cut. Each takes as a second parameter a structure of the same kind to build anew
 * in place, which spares its memory.
 */
export const structures = {
  /** `RAS_PORT_0`, 392 bytes. */
  port0(fields: Port0Fields, into?: Structure): Structure {
    const at = rasLayout.port0;
    const view = make(at.size, into);
    view.setBigUint64(at.port, fields.port, true);
    view.setBigUint64(at.connection, fields.connection, true);
    view.setUint32(at.condition, fields.condition, true);
    view.setUint32(at.totalCalls, fields.totalCalls, true);
    view.setUint32(at.connectDuration, fields.connectDurationSeconds, true);
    writeText(view, at.portName, units.portName, fields.portName);
    writeText(view, at.mediaName, units.mediaName, fields.mediaName);
    writeText(view, at.deviceName, units.deviceName, fields.deviceName);
    writeText(view, at.deviceType, units.deviceType, fields.deviceType);
    return bytesOf(view);
  },

  /** `RAS_PORT_1`, 72 bytes. */
  port1(fields: Port1Fields, into?: Structure): Structure {
    const at = rasLayout.port1;
    const view = make(at.size, into);
    view.setBigUint64(at.port, fields.port, true);
    view.setBigUint64(at.connection, fields.connection, true);
    view.setUint32(at.hardwareCondition, fields.hardwareCondition, true);
    view.setUint32(at.lineSpeed, fields.lineSpeedBitsPerSecond, true);
    writeTraffic(view, at, fields.traffic);
    view.setUint32(at.crcErrors, fields.crcErrors, true);
    view.setUint32(at.timeoutErrors, fields.timeoutErrors, true);
    view.setUint32(at.alignmentErrors, fields.alignmentErrors, true);
    view.setUint32(at.hardwareOverrunErrors, fields.hardwareOverrunErrors, true);
    view.setUint32(at.framingErrors, fields.framingErrors, true);
    view.setUint32(at.bufferOverrunErrors, fields.bufferOverrunErrors, true);
    return bytesOf(view);
  },

  /** `RAS_CONNECTION_0`, 1128 bytes. */
  connection0(fields: ConnectionFields, into?: Structure): Structure {
    const at = rasLayout.connection0;
    const view = make(at.size, into);
    view.setBigUint64(at.connection, fields.connection, true);
    view.setBigUint64(at.interface, fields.interface, true);
    view.setUint32(at.connectDuration, fields.connectDurationSeconds, true);
    view.setUint32(at.interfaceType, fields.interfaceType, true);
    view.setUint32(at.flags, fields.flags, true);
    writeText(view, at.interfaceName, units.interfaceName, fields.interfaceName);
    writeText(view, at.userName, units.userName, fields.userName);
    writeText(view, at.logonDomain, units.logonDomain, fields.logonDomain);
    writeText(view, at.remoteComputer, units.remoteComputer, fields.remoteComputer);
    return bytesOf(view);
  },

  /** `RAS_CONNECTION_1`, 296 bytes. */
  connection1(fields: ConnectionFields, into?: Structure): Structure {
    const at = rasLayout.connection1;
    const view = make(at.size, into);
    view.setBigUint64(at.connection, fields.connection, true);
    view.setBigUint64(at.interface, fields.interface, true);
    writeText(view, at.serverAddress, units.address, fields.serverAddress);
    writeText(view, at.clientAddress, units.address, fields.clientAddress);
    writeTraffic(view, at, fields.traffic);
    view.setUint32(at.ipError, fields.negotiated?.ipError ?? 0, true);
    writeNumbers(view, at.errors, fields.negotiated?.errors);
    return bytesOf(view);
  },

  /** `RAS_CONNECTION_2`, 848 bytes. */
  connection2(fields: ConnectionFields, into?: Structure): Structure {
    const at = rasLayout.connection2;
    const view = make(at.size, into);
    writeIdentity(view, at, fields);
    return bytesOf(view);
  },

  /** `RAS_CONNECTION_3`, 792 bytes. */
  connection3(fields: ConnectionFields, into?: Structure): Structure {
    const at = rasLayout.connection3;
    const view = make(at.size, into);
    view.setUint32(at.version, 1, true);
    view.setUint32(at.structureBytes, at.size, true);
    writeIdentity(view, at, fields);
    const { ipv6, quarantineState = 0, timer = 0n } = fields.negotiated ?? {};
    if (ipv6 !== undefined) new Uint8Array(view.buffer).set(ipv6, at.ipv6);
    view.setUint32(at.quarantineState, quarantineState, true);
    view.setBigUint64(at.timer, timer, true);
    return bytesOf(view);
  },
};

function make(bytes: number, into?: Structure): DataView<ArrayBuffer> {
  if (into === undefined) return new DataView(new ArrayBuffer(bytes));
  invariant(into.byteLength === bytes, `a structure of ${bytes} bytes is built into others`);
  return new DataView(into.fill(0).buffer);
}

function bytesOf(view: DataView<ArrayBuffer>): Structure {
  return new Uint8Array(view.buffer);
}

function writeText(view: DataView, offset: number, unitsMax: number, text: string): void {
  const length = Math.min(text.length, unitsMax);
  for (let i = 0; i < length; i++) view.setUint16(offset + i * 2, text.charCodeAt(i), true);
}

function writeTraffic(
  view: DataView,
  at: Readonly<Record<keyof TrafficFields, number>>,
  traffic: TrafficFields,
): void {
  view.setUint32(at.bytesTransmitted, traffic.bytesTransmitted, true);
  view.setUint32(at.bytesReceived, traffic.bytesReceived, true);
  view.setUint32(at.framesTransmitted, traffic.framesTransmitted, true);
  view.setUint32(at.framesReceived, traffic.framesReceived, true);
  view.setUint32(at.compressionRatioIn, traffic.compressionRatioIn, true);
  view.setUint32(at.compressionRatioOut, traffic.compressionRatioOut, true);
}

function writeNumbers(view: DataView, offset: number, numbers: readonly number[] = []): void {
  numbers.forEach((number, index) => view.setUint32(offset + index * 4, number, true));
}

/** What the newer connection structures have alike, each at its own place. */
function writeIdentity(
  view: DataView<ArrayBuffer>,
  at: typeof rasLayout.connection2 | typeof rasLayout.connection3,
  fields: ConnectionFields,
): void {
  view.setBigUint64(at.connection, fields.connection, true);
  writeText(view, at.userName, units.userName, fields.userName);
  view.setUint32(at.interfaceType, fields.interfaceType, true);
  new Uint8Array(view.buffer).set(fields.guid, at.guid);
  writeText(view, at.serverAddress, units.address, fields.serverAddress);
  writeText(view, at.clientAddress, units.address, fields.clientAddress);
  const { ipError = 0, ipOptions, ccp, lcp } = fields.negotiated ?? {};
  view.setUint32(at.ipError, ipError, true);
  writeNumbers(view, at.ipOptions, ipOptions);
  writeNumbers(view, at.ccp, ccp);
  writeNumbers(view, at.lcp, lcp);
  const options = view.getUint32(at.lcpOptions, true);
  view.setUint32(at.lcpOptions, fields.multilink ? options | 1 : options, true);
}
