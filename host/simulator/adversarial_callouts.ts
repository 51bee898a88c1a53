import type { Port } from "../events/schema.ts";
import { COUNTERS_OF_ONES, SAMPLE_COUNTERS, SAMPLE_TRAFFIC } from "./_sample_counters.ts";
import { rasLayout } from "./ras_layout.ts";
import { type Port0Fields, type Port1Fields, type Structure, structures } from "./structures.ts";

/** A hangup callout that a library must survive, and what a plugin has to see of it. */
export interface AdversarialCallout {
  /** What is special about it. */
  readonly name: string;
  /** First argument of the callout. */
  readonly port0: Structure | null;
  /** Second argument of the callout. */
  readonly port1: Structure | null;
  /** `port` of the event that comes out at the other end, exactly. */
  readonly expected: Port;
}

const normal0: Port0Fields = {
  port: 0x104n,
  connection: 0x1_0004n,
  condition: 1,
  totalCalls: 17,
  connectDurationSeconds: 2718,
  portName: "VPN2-127",
  mediaName: "rastapi",
  deviceName: "WAN Miniport (IKEv2)",
  deviceType: "vpn",
};

const normal1: Port1Fields = {
  port: 0x104n,
  connection: 0x1_0004n,
  hardwareCondition: 0,
  lineSpeedBitsPerSecond: 10_000_000,
  traffic: SAMPLE_TRAFFIC,
  crcErrors: 1,
  timeoutErrors: 2,
  alignmentErrors: 3,
  hardwareOverrunErrors: 4,
  framingErrors: 5,
  bufferOverrunErrors: 6,
};

const expectedHandles = { handle: "0x104", connectionHandle: "0x10004" } as const;

const expected0 = {
  name: "VPN2-127",
  mediaName: "rastapi",
  deviceName: "WAN Miniport (IKEv2)",
  deviceType: "vpn",
  condition: "disconnected",
  totalCalls: 17,
  connectDurationSeconds: 2718,
} as const;

const expected1 = {
  hardwareCondition: "operational",
  lineSpeedBitsPerSecond: 10_000_000,
  ...SAMPLE_COUNTERS,
} as const;

const expectedNormal: Port = {
  ...expectedHandles,
  ...expected0,
  ...expected1,
  countersMayHaveWrapped: false,
};

const { units } = rasLayout;
const full = {
  portName: "P".repeat(units.portName),
  mediaName: "M".repeat(units.mediaName),
  deviceName: "D".repeat(units.deviceName),
  deviceType: "T".repeat(units.deviceType),
};

const UINT32_MAX = 0xffff_ffff;
const HANDLE_MAX = "0xffffffffffffffff";
const ones = (unitsMax: number) => "\uffff".repeat(unitsMax);

/**
 * The seven adversarial hangups: all that RAS could hand over when memory is corrupt or a later
 * Windows adds values. They are played in this order.
 */
export const adversarialCallouts: readonly AdversarialCallout[] = [
  {
    name: "normal",
    port0: structures.port0(normal0),
    port1: structures.port1(normal1),
    expected: expectedNormal,
  },
  {
    name: "arrays full without terminator",
    port0: structures.port0({ ...normal0, ...full }),
    port1: structures.port1(normal1),
    expected: {
      ...expectedNormal,
      name: full.portName,
      mediaName: full.mediaName,
      deviceName: full.deviceName,
      deviceType: full.deviceType,
    },
  },
  {
    name: "all ones",
    port0: new Uint8Array(rasLayout.port0.size).fill(0xff),
    port1: new Uint8Array(rasLayout.port1.size).fill(0xff),
    expected: {
      handle: HANDLE_MAX,
      connectionHandle: HANDLE_MAX,
      name: ones(units.portName),
      mediaName: ones(units.mediaName),
      deviceName: ones(units.deviceName),
      deviceType: ones(units.deviceType),
      condition: `unknown(${UINT32_MAX})`,
      totalCalls: UINT32_MAX,
      connectDurationSeconds: UINT32_MAX,
      hardwareCondition: `unknown(${UINT32_MAX})`,
      lineSpeedBitsPerSecond: UINT32_MAX,
      ...COUNTERS_OF_ONES,
      countersMayHaveWrapped: true,
    },
  },
  {
    name: "unpaired surrogates and unknown enumeration values",
    port0: structures.port0({
      ...normal0,
      condition: 9,
      portName: "V\ud83dN",
      mediaName: "\ude00",
      deviceName: "\u{1f600}\ude00\ud83d",
      deviceType: "\ud83d",
    }),
    port1: structures.port1({ ...normal1, hardwareCondition: 2 }),
    expected: {
      ...expectedNormal,
      condition: "unknown(9)",
      hardwareCondition: "unknown(2)",
      name: "V\ufffdN",
      mediaName: "\ufffd",
      deviceName: "\u{1f600}\ufffd\ufffd",
      deviceType: "\ufffd",
    },
  },
  {
    name: "second pointer null",
    port0: structures.port0(normal0),
    port1: null,
    expected: { ...expectedHandles, ...expected0 },
  },
  {
    name: "first pointer null",
    port0: null,
    port1: structures.port1(normal1),
    expected: { ...expectedHandles, ...expected1 },
  },
  { name: "both pointers null", port0: null, port1: null, expected: {} },
];
