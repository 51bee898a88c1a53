import fc from "fast-check";
import { counter, handle, named, text, time, uint32, uint64 } from "./_arbitrary_parts.ts";
import { layout } from "./layout.ts";
import { normalizeUser } from "./normalize_user.ts";
import { type Session, type SessionEnd, sessionEndReasons } from "./session.ts";

const max = layout.textUnitsMax;
const UINT16_MAX = 0xffff;

/** RAS says nothing with an empty text, so there is none in a session. */
const said = (unitsMax: number) => text(unitsMax).filter((value) => value !== "");

const session: fc.Arbitrary<Session> = fc.record({
  id: uint64.map((position) => position.toString(16)),
  user: said(max.userName),
  domain: said(max.logonDomain),
  computer: said(max.remoteComputer),
  clientAddress: said(max.address),
  connectedAt: time,
  linkCount: fc.integer({ min: 0, max: UINT16_MAX }),
  isLastLink: fc.boolean(),
  uncertain: fc.boolean(),
  source: fc.constantFrom<Session["source"]>(
    "observed",
    "restored after a restart of the host",
    "unknown",
  ),
}, {
  requiredKeys: ["id", "connectedAt", "linkCount", "isLastLink", "uncertain", "source"],
}).map((each) => {
  const account = normalizeUser(each.user ?? "", each.domain);
  return account === undefined ? each : { ...each, account };
});

/** Events with any session, with that of nobody, or without one. The id still lacks the boot. */
export function arbitrarySession<Event extends object>(
  events: fc.Arbitrary<Event>,
): fc.Arbitrary<Event & { session?: Session }> {
  const nobody: Session = { source: "unknown" };
  const sessions = fc.oneof(session, fc.constantFrom(nobody, undefined));
  return fc.tuple(events, sessions).map(([event, known]) =>
    known === undefined ? event : { ...event, session: known }
  );
}

const counters = (arbitrary: fc.Arbitrary<number>) =>
  fc.record({
    bytesTransmitted: arbitrary,
    bytesReceived: arbitrary,
    framesTransmitted: arbitrary,
    framesReceived: arbitrary,
    mayHaveWrapped: fc.boolean(),
  });

const link = fc.record({
  portHandle: handle,
  portName: text(max.portName),
  upAt: time,
  downAt: time,
  connectDurationSeconds: uint32,
  counters: counters(uint32),
}, { requiredKeys: [] });

/** Any end of a session, but for the time when it was. */
export const arbitrarySessionEnd: fc.Arbitrary<Omit<SessionEnd, "endedAt">> = fc.record({
  reason: named(sessionEndReasons).map((reason) =>
    reason.startsWith("unknown(") ? (`unknown(200)` as const) : reason
  ),
  startedAt: time,
  durationSeconds: uint32,
  complete: fc.boolean(),
  links: fc.array(link, { maxLength: 4 }),
  linksOmitted: uint32,
  totals: counters(counter),
  connection: counters(uint32),
}, {
  requiredKeys: [
    ...["reason", "startedAt", "durationSeconds", "complete", "links"] as const,
    ...["linksOmitted", "totals"] as const,
  ],
});
