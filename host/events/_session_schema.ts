import * as z from "zod";
import { account } from "./_connection_schema.ts";
import { handle, text, time, uint32, unknownNumber } from "./_schema_parts.ts";
import { layout } from "./layout.ts";
import { sessionEndReasons } from "./session.ts";

const counter = z.int().min(0);
const max = layout.textUnitsMax;

/** Whose an event is. */
export const session = z.object({
  id: z.string().regex(/^[0-9a-f]{16}-(?:0|[1-9a-f][0-9a-f]{0,15})$/).exactOptional(),
  user: text(max.userName).describe("As RAS gave it. Names a person."),
  domain: text(max.logonDomain).describe("Names a person."),
  account: account.exactOptional().describe("Names a person."),
  computer: text(max.remoteComputer).describe("Names a person."),
  clientAddress: text(max.address).describe("Names a person."),
  connectedAt: time.exactOptional(),
  linkCount: z.int().min(0).max(0xffff).exactOptional(),
  isLastLink: z.boolean().exactOptional(),
  uncertain: z.boolean().exactOptional(),
  source: z.enum(["observed", "restored after a restart of the host", "unknown"]),
});

const counters = z.object({
  bytesTransmitted: counter,
  bytesReceived: counter,
  framesTransmitted: counter,
  framesReceived: counter,
  mayHaveWrapped: z.boolean(),
});

/** What is known of a session that is over. */
export const sessionEnd = z.object({
  reason: z.union([z.enum(sessionEndReasons), unknownNumber]),
  startedAt: time,
  endedAt: time,
  durationSeconds: uint32,
  complete: z.boolean(),
  links: z.array(z.object({
    portHandle: handle.exactOptional(),
    portName: z.string().max(layout.textUnitsMax.portName).exactOptional(),
    upAt: time.exactOptional(),
    downAt: time.exactOptional(),
    connectDurationSeconds: uint32.exactOptional(),
    counters: counters.exactOptional(),
  })),
  linksOmitted: uint32,
  totals: counters,
  connection: counters.exactOptional(),
});
