import fc from "fast-check";
import { arbitraryConnection, arbitraryReauthentication } from "./_arbitrary_connection.ts";
import { arbitrarySession, arbitrarySessionEnd } from "./_arbitrary_session.ts";
import {
  bitsOf,
  counter,
  counters,
  handle,
  hex16,
  named,
  text,
  time,
  uint32,
  uint64,
} from "./_arbitrary_parts.ts";
import { gapReasons } from "./gap_reason.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";
import type { GapEvent, OnhookEvent, Port, Session } from "./schema.ts";

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
  ...counters,
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
  reasons: bitsOf((bit) => gapReasons[bit]),
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

const idAt = ({ boot, position }: { readonly boot: string; readonly position: bigint }): string =>
  `${boot}-${position.toString(16)}`;

/** The session of an event is of the same start of the service. */
function withBoot<Event extends { id: string; session?: Session }>(event: Event): Event {
  if (event.session?.id === undefined) return event;
  const id = `${event.id.slice(0, 16)}-${event.session.id}`;
  return { ...event, session: { ...event.session, id } };
}

/**
 * Arbitrary valid events of every type for property tests: what a decoder can give, no more and
 * no less. Only for tests.
 */
export const arbitraryEvent: fc.Arbitrary<OnhookEvent> = fc.oneof(
  fc.tuple(
    record,
    fc.constantFrom("linkHangup" as const, "linkUp" as const),
    arbitrarySession(fc.record({ ...common, port })),
  ).map(([at, type, rest]) => ({
    type,
    id: idAt(at),
    ...rest,
  })).map(withBoot),
  fc.tuple(
    record,
    fc.constantFrom("connectionUp" as const, "connectionHangup" as const),
    arbitrarySession(fc.record({ ...common, connection: arbitraryConnection })),
  ).map(([at, type, rest]) => ({
    type,
    id: idAt(at),
    ...rest,
  })).map(withBoot),
  fc.tuple(
    record,
    arbitrarySession(fc.record({ ...common, connection: arbitraryReauthentication })),
  ).map(([at, rest]) => ({
    type: "reauthentication" as const,
    id: idAt(at),
    ...rest,
  })).map(withBoot),
  fc.tuple(record, fc.record(common), fc.record(service)).map(([at, rest, process]) => ({
    type: "serviceStart" as const,
    id: idAt(at),
    ...rest,
    service: { bootId: at.boot, ...process },
  })),
  fc.tuple(record, fc.record(common), fc.record({ ...service, calloutsTotal: counter })).map(
    ([at, rest, process]) => ({
      type: "serviceStop" as const,
      id: idAt(at),
      ...rest,
      service: { bootId: at.boot, ...process },
    }),
  ),
  fc.tuple(
    record,
    arbitrarySession(fc.record({ ...common, synthetic: fc.boolean() })),
    fc.option(arbitrarySessionEnd),
  ).map(([at, rest, end]) => ({
    type: "sessionEnd" as const,
    id: `${at.boot}-end-${at.position.toString(16)}`,
    ...rest,
    ...(end === null ? {} : { end: { ...end, endedAt: rest.time } }),
  })).map(withBoot),
  fc.tuple(record, fc.record({ ...common, gap })).map(([at, rest]) => ({
    type: "gap" as const,
    id: `${at.boot}-gap-${at.position}`,
    ...rest,
  })),
);
