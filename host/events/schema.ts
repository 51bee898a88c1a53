import * as z from "zod";
import { connection } from "./_connection_schema.ts";
import { session, sessionEnd } from "./_session_schema.ts";
import { errors, handle, text, time, uint32, unknownNumber } from "./_schema_parts.ts";
import type {
  ConnectionHangupEvent,
  ConnectionUpEvent,
  GapEvent,
  LinkHangupEvent,
  LinkUpEvent,
  OnhookEvent,
  ReauthenticationEvent,
  ServiceStartEvent,
  ServiceStopEvent,
  SessionEndEvent,
} from "./event.ts";
import { gapReasons } from "./gap_reason.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";

const counter = z.int().min(0);
const hex16 = z.string().regex(/^[0-9a-f]{16}$/);
const recordId = z.string().regex(/^[0-9a-f]{16}-(?:0|[1-9a-f][0-9a-f]{0,15})$/);
const gapId = z.string().regex(/^[0-9a-f]{16}-gap-(?:0|[1-9][0-9]{0,19})$/);

const common = {
  sequence: counter.describe("Rises by one for each event that the host takes in."),
  time: time.describe("The library's clock in the callout, ISO 8601 UTC with microseconds."),
  attempt: z.int().min(1).describe("1, and more when the event is delivered again."),
};

const port = z.object({
  handle: handle.exactOptional().describe("hPort; absent when RAS gave neither structure."),
  connectionHandle: handle.exactOptional().describe(
    "hConnection; joins the links of a connection.",
  ),
  name: text(layout.textUnitsMax.portName),
  mediaName: text(layout.textUnitsMax.mediaName),
  deviceName: text(layout.textUnitsMax.deviceName),
  deviceType: text(layout.textUnitsMax.deviceType),
  condition: z.union([z.enum(portConditions), unknownNumber]).exactOptional(),
  totalCalls: uint32.exactOptional().describe("Calls that the port has served, cumulative."),
  connectDurationSeconds: uint32.exactOptional(),
  hardwareCondition: z.union([z.enum(hardwareConditions), unknownNumber]).exactOptional(),
  lineSpeedBitsPerSecond: uint32.exactOptional(),
  bytesTransmitted: uint32.exactOptional().describe("As compressed on the wire, modulo 2^32."),
  bytesReceived: uint32.exactOptional().describe("As compressed on the wire, modulo 2^32."),
  framesTransmitted: uint32.exactOptional(),
  framesReceived: uint32.exactOptional(),
  countersMayHaveWrapped: z.boolean().exactOptional()
    .describe("The line could have carried 2^32 bytes or more in the time of the connection."),
  errors: errors.exactOptional(),
  compressionRatioIn: uint32.exactOptional().describe("Percent."),
  compressionRatioOut: uint32.exactOptional().describe("Percent."),
});

const service = z.object({
  bootId: hex16.describe("Identity of this start of the service."),
  processId: uint32,
  libraryVersion: z.string().regex(/^\d{1,5}\.\d{1,3}\.\d{1,3}$/),
});

const linkHangup = z.object({
  type: z.literal("linkHangup"),
  id: recordId,
  ...common,
  port,
  session: session.exactOptional(),
});

const linkUp = z.object({
  type: z.literal("linkUp"),
  id: recordId,
  ...common,
  port,
  session: session.exactOptional(),
});

const connectionUp = z.object({
  type: z.literal("connectionUp"),
  id: recordId,
  ...common,
  connection,
  session: session.exactOptional(),
});

const connectionHangup = z.object({
  type: z.literal("connectionHangup"),
  id: recordId,
  ...common,
  connection,
  session: session.exactOptional(),
});

const reauthentication = z.object({
  type: z.literal("reauthentication"),
  id: recordId,
  ...common,
  connection,
  session: session.exactOptional(),
});

const serviceStart = z.object({
  type: z.literal("serviceStart"),
  id: recordId,
  ...common,
  service,
});

const serviceStop = z.object({
  type: z.literal("serviceStop"),
  id: recordId,
  ...common,
  service: service.extend({
    calloutsTotal: counter.describe("Callouts that the process served since its start."),
  }),
});

const gap = z.object({
  type: z.literal("gap"),
  id: gapId,
  ...common,
  gap: z.object({
    lost: counter.describe("How many events were lost."),
    exact: z.boolean().describe("False when `lost` is the least possible number."),
    firstTime: time,
    lastTime: time,
    reasons: z.array(z.union([z.enum(gapReasons), unknownNumber])),
  }),
});

const sessionEndEvent = z.object({
  type: z.literal("sessionEnd"),
  id: z.string().regex(/^[0-9a-f]{16}-end-(?:0|[1-9a-f][0-9a-f]{0,15})$/),
  ...common,
  synthetic: z.boolean().describe("RAS did not say that the connection is gone."),
  session: session.exactOptional(),
  end: sessionEnd.exactOptional(),
});

/**
 * The schema of an event, a discriminated union on `type`; the compiler proves below that the types
 * of `event.ts` are exactly what it stands for. The hot path never runs it: `decodeEvent` builds
 * events by hand, and a property test proves that both agree.
 *
 * Times are ISO 8601 UTC with microseconds, handles lower-case hexadecimal without padding. When
 * RAS gave a null pointer instead of a structure, the fields of that structure are absent.
 */
export const eventSchema = z.discriminatedUnion("type", [
  linkHangup,
  linkUp,
  connectionUp,
  connectionHangup,
  reauthentication,
  serviceStart,
  serviceStop,
  gap,
  sessionEndEvent,
]);

export type { Account, Connection } from "./connection.ts";
export type { PortErrors } from "./port_errors.ts";
export type {
  ConnectionHangupEvent,
  ConnectionUpEvent,
  Gap,
  GapEvent,
  LinkHangupEvent,
  LinkUpEvent,
  OnhookEvent,
  Port,
  ReauthenticationEvent,
  Service,
  ServiceStartEvent,
  ServiceStopEvent,
  Session,
  SessionEnd,
  SessionEndEvent,
  StoppedService,
} from "./event.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

// Fails to compile as soon as the types that are written out and the schema part.
const _proof: {
  linkHangup: Same<z.infer<typeof linkHangup>, LinkHangupEvent>;
  linkUp: Same<z.infer<typeof linkUp>, LinkUpEvent>;
  connectionUp: Same<z.infer<typeof connectionUp>, ConnectionUpEvent>;
  connectionHangup: Same<z.infer<typeof connectionHangup>, ConnectionHangupEvent>;
  reauthentication: Same<z.infer<typeof reauthentication>, ReauthenticationEvent>;
  serviceStart: Same<z.infer<typeof serviceStart>, ServiceStartEvent>;
  serviceStop: Same<z.infer<typeof serviceStop>, ServiceStopEvent>;
  gap: Same<z.infer<typeof gap>, GapEvent>;
  sessionEnd: Same<z.infer<typeof sessionEndEvent>, SessionEndEvent>;
  event: Same<z.infer<typeof eventSchema>, OnhookEvent>;
} = {
  linkHangup: true,
  linkUp: true,
  connectionUp: true,
  connectionHangup: true,
  reauthentication: true,
  serviceStart: true,
  serviceStop: true,
  gap: true,
  sessionEnd: true,
  event: true,
};
