import * as z from "zod";
import type {
  GapEvent,
  LinkHangupEvent,
  OnhookEvent,
  ServiceStartEvent,
  ServiceStopEvent,
} from "./event.ts";
import { gapReasons } from "./gap_reason.ts";
import { hardwareConditions } from "./hardware_condition.ts";
import { layout } from "./layout.ts";
import { portConditions } from "./port_condition.ts";

const UINT32_MAX = 0xffff_ffff;

const uint32 = z.int().min(0).max(UINT32_MAX);
const counter = z.int().min(0);
const hex16 = z.string().regex(/^[0-9a-f]{16}$/);
const handle = z.string().regex(/^0x(?:0|[1-9a-f][0-9a-f]{0,15})$/);
const time = z.iso.datetime({ precision: 6 });
const unknownNumber = z.templateLiteral([
  "unknown(",
  z.string().regex(/^(?:0|[1-9][0-9]{0,9})$/),
  ")",
]);
const recordId = z.string().regex(/^[0-9a-f]{16}-(?:0|[1-9a-f][0-9a-f]{0,15})$/);
const gapId = z.string().regex(/^[0-9a-f]{16}-gap-(?:0|[1-9][0-9]{0,19})$/);

const common = {
  sequence: counter.describe("Rises by one for each event that the host takes in."),
  time: time.describe("The library's clock in the callout, ISO 8601 UTC with microseconds."),
  attempt: z.int().min(1).describe("1, and more when the event is delivered again."),
};

const errors = z.object({
  crc: uint32,
  timeout: uint32,
  alignment: uint32,
  hardwareOverrun: uint32,
  framing: uint32,
  bufferOverrun: uint32,
});

/** Texts come from fixed arrays, so they have the arrays' lengths as their limits. */
function text(unitsMax: number): z.ZodExactOptional<z.ZodString> {
  return z.string().max(unitsMax).exactOptional();
}

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

const linkHangup = z.object({ type: z.literal("linkHangup"), id: recordId, ...common, port });

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

/**
 * The schema of an event, a discriminated union on `type`; the compiler proves below that the types
 * of `event.ts` are exactly what it stands for. The hot path never runs it: `decodeEvent` builds
 * events by hand, and a property test proves that both agree.
 *
 * Times are ISO 8601 UTC with microseconds, handles lower-case hexadecimal without padding. When
 * RAS gave a null pointer instead of one half of a port, the fields of that half are absent.
 */
export const eventSchema = z.discriminatedUnion("type", [
  linkHangup,
  serviceStart,
  serviceStop,
  gap,
]);

export type {
  Gap,
  GapEvent,
  LinkHangupEvent,
  OnhookEvent,
  Port,
  PortErrors,
  Service,
  ServiceStartEvent,
  ServiceStopEvent,
  StoppedService,
} from "./event.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

// Fails to compile as soon as the types that are written out and the schema part.
const _proof: {
  linkHangup: Same<z.infer<typeof linkHangup>, LinkHangupEvent>;
  serviceStart: Same<z.infer<typeof serviceStart>, ServiceStartEvent>;
  serviceStop: Same<z.infer<typeof serviceStop>, ServiceStopEvent>;
  gap: Same<z.infer<typeof gap>, GapEvent>;
  event: Same<z.infer<typeof eventSchema>, OnhookEvent>;
} = { linkHangup: true, serviceStart: true, serviceStop: true, gap: true, event: true };
