import fc from "fast-check";
import { gapReasons } from "./gap_reason.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";
import type { GapEvent, OnhookEvent, Port } from "./schema.ts";

const UINT32_MAX = 0xffff_ffff;
const UINT64_MAX = 0xffff_ffff_ffff_ffffn;

const uint32 = fc.oneof(fc.nat(100), fc.integer({ min: 0, max: UINT32_MAX }));
const counter = fc.maxSafeNat();
const uint64 = fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(0n, UINT64_MAX));
const hex16 = uint64.map((value) => value.toString(16).padStart(16, "0"));
const handle = uint64.map((value) => `0x${value.toString(16)}`);
const time = fc.tuple(
  fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  }),
  fc.integer({ min: 0, max: 999 }),
).map(([date, micros]) => `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, "0")}Z`);

function named<const Name extends string>(
  names: readonly Name[],
): fc.Arbitrary<Name | `unknown(${string})`> {
  return fc.oneof(
    fc.constantFrom(...names),
    fc.integer({ min: names.length, max: UINT32_MAX }).map((n) => `unknown(${n})` as const),
  );
}

function text(unitsMax: number): fc.Arbitrary<string> {
  const units = fc.oneof(
    fc.string({ unit: "grapheme-ascii", maxLength: unitsMax }),
    fc.string({ unit: "binary", maxLength: unitsMax }),
  );
  return units.map((value) => value.slice(0, unitsMax).toWellFormed());
}

const errors = fc.record({
  crc: uint32,
  timeout: uint32,
  alignment: uint32,
  hardwareOverrun: uint32,
  framing: uint32,
  bufferOverrun: uint32,
});

const handles = { handle, connectionHandle: handle };

const half0 = {
  name: text(layout.textUnitsMax.portName),
  mediaName: text(layout.textUnitsMax.mediaName),
  deviceName: text(layout.textUnitsMax.deviceName),
  deviceType: text(layout.textUnitsMax.deviceType),
  condition: named(portConditions),
  totalCalls: uint32,
  connectDurationSeconds: uint32,
};

const half1 = {
  hardwareCondition: named(hardwareConditions),
  lineSpeedBitsPerSecond: uint32,
  bytesTransmitted: uint32,
  bytesReceived: uint32,
  framesTransmitted: uint32,
  framesReceived: uint32,
  errors,
  compressionRatioIn: uint32,
  compressionRatioOut: uint32,
};

const port: fc.Arbitrary<Port> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...handles, ...half0, ...half1 }).map(withWrapMark) },
  { weight: 1, arbitrary: fc.record({ ...handles, ...half0 }) },
  { weight: 1, arbitrary: fc.record({ ...handles, ...half1 }) },
  { weight: 1, arbitrary: fc.constant({}) },
);

function withWrapMark<
  T extends { connectDurationSeconds: number; lineSpeedBitsPerSecond: number },
>(both: T): T & { countersMayHaveWrapped: boolean } {
  const bits = BigInt(both.connectDurationSeconds) * BigInt(both.lineSpeedBitsPerSecond);
  return { ...both, countersMayHaveWrapped: bits / 8n >= 2n ** 32n };
}

const gap: fc.Arbitrary<GapEvent["gap"]> = fc.record({
  lost: counter,
  exact: fc.boolean(),
  firstTime: time,
  lastTime: time,
  reasons: fc.integer({ min: 0, max: UINT32_MAX }).map((mask) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => (mask >>> bit) & 1)
      .map((bit) => gapReasons[bit] ?? (`unknown(${2 ** bit})` as const))
  ),
});

const common = {
  sequence: counter,
  time,
  attempt: fc.integer({ min: 1, max: 1000 }),
};

const service = {
  processId: uint32,
  libraryVersion: fc.tuple(
    fc.integer({ min: 0, max: 0xffff }),
    fc.integer({ min: 0, max: 0xff }),
    fc.integer({ min: 0, max: 0xff }),
  ).map((parts) => parts.join(".")),
};

const record = fc.record({ boot: hex16, position: uint64 });

/**
 * Arbitrary valid events of every type for property tests: what a decoder can give, no more and
 * no less. Only for tests.
 */
export const arbitraryEvent: fc.Arbitrary<OnhookEvent> = fc.oneof(
  fc.tuple(record, fc.record({ ...common, port })).map(([at, rest]) => ({
    type: "linkHangup" as const,
    id: `${at.boot}-${at.position.toString(16)}`,
    ...rest,
  })),
  fc.tuple(record, fc.record(common), fc.record(service)).map(([at, rest, process]) => ({
    type: "serviceStart" as const,
    id: `${at.boot}-${at.position.toString(16)}`,
    ...rest,
    service: { bootId: at.boot, ...process },
  })),
  fc.tuple(record, fc.record(common), fc.record({ ...service, calloutsTotal: counter })).map(
    ([at, rest, process]) => ({
      type: "serviceStop" as const,
      id: `${at.boot}-${at.position.toString(16)}`,
      ...rest,
      service: { bootId: at.boot, ...process },
    }),
  ),
  fc.tuple(record, fc.record({ ...common, gap })).map(([at, rest]) => ({
    type: "gap" as const,
    id: `${at.boot}-gap-${at.position}`,
    ...rest,
  })),
);
