import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Deed, FakeRas, type TrueEvent, type TrueSession } from "./_fake_ras.ts";
import type { EndedSession } from "./end_session.ts";
import { SessionBook } from "./session_book.ts";
import { type Counters, sessionId, type SessionRecord } from "./session_record.ts";

const LIMITS = { sessionWaitMs: 30_000, sessionReportHours: 1 };

/** A batch is taken in whole or, when the host dies, not at all and then once more. */
interface Batch {
  readonly deeds: readonly Deed[];
  /** Which of its events the journal loses, by their place; a gap says so before the next one. */
  readonly lost: readonly number[];
  readonly fate: "stored" | "killed before it was stored" | "host restarted behind it";
  /** Whether the host looks for sessions that have waited long enough, before. */
  readonly ticks: boolean;
}

const index = fc.nat(7);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("connect" as const),
      handle: fc.integer({ min: 1, max: 3 }),
      user: fc.nat(4),
      guid: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("link" as const),
      session: index,
      port: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("hangLink" as const),
      session: index,
      gigabytes: fc.constantFrom(0, 1, 4.294967296, 5, 20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("hangAll" as const),
      session: index,
      late: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("reauthenticate" as const), session: index }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 11, 40, 4000),
    }),
  },
);
const disorder: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: deed },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("vanish" as const), session: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), stops: fc.boolean() }) },
);

function history(deeds: fc.Arbitrary<Deed>, lost: fc.Arbitrary<number[]>): fc.Arbitrary<Batch[]> {
  return fc.array(
    fc.record({
      deeds: fc.array(deeds, { minLength: 1, maxLength: 8 }),
      lost,
      fate: fc.constantFrom(
        "stored",
        "stored",
        "killed before it was stored",
        "host restarted behind it",
      ),
      ticks: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12, size: "max" },
  );
}

/** A host over sessions: what it has stored, and what it would say to plugins. */
class FakeHost {
  readonly ended: EndedSession[] = [];
  #stored = new Map<string, string>();
  #book = new SessionBook(LIMITS);

  /** @param check Called with each event and what it is told, once it is stored. */
  take(
    events: readonly TrueEvent[],
    { fate, ticks, nowMs }: Pick<Batch, "fate" | "ticks"> & { nowMs: number },
    check: (event: TrueEvent, session: SessionRecord | undefined) => void,
  ): void {
    if (fate === "killed before it was stored") {
      this.#run(events, ticks, nowMs);
      this.#restart();
    }
    const told = this.#run(events, ticks, nowMs);
    this.ended.push(...this.#book.takeEnded());
    const { put, removed } = this.#book.takeChanges();
    for (const id of removed) this.#stored.delete(id);
    for (const session of put) this.#stored.set(sessionId(session), JSON.stringify(session));
    events.forEach((event, place) => check(event, told[place]));
    if (fate === "host restarted behind it") this.#restart();
  }

  #run(
    events: readonly TrueEvent[],
    ticks: boolean,
    nowMs: number,
  ): (SessionRecord | undefined)[] {
    if (ticks) this.#book.tick(nowMs);
    return events.map(({ input }) => {
      const facts = this.#book.take(input, nowMs);
      return facts && structuredClone(facts.session);
    });
  }

  #restart(): void {
    const sessions = [...this.#stored.values()].map((text) => JSON.parse(text) as SessionRecord);
    this.#book = new SessionBook(LIMITS, sessions.sort((a, b) => a.beganUs - b.beganUs));
  }
}

interface Told {
  readonly event: TrueEvent;
  readonly session: SessionRecord | undefined;
}

/** Plays a history to its end, which is a restart of the service. */
function play(batches: readonly Batch[]): {
  told: Told[];
  ended: readonly EndedSession[];
  ras: FakeRas;
} {
  const ras = new FakeRas();
  const host = new FakeHost();
  const told: Told[] = [];
  const last: Batch = {
    ...{ deeds: [{ do: "restart", stops: false }], lost: [] },
    ...{ fate: "stored", ticks: false },
  };
  for (const batch of [...batches, last]) {
    const events = withLosses([...batch.deeds.flatMap((each) => [...ras.play(each)])], batch.lost);
    const nowMs = ras.nowUs / 1000;
    host.take(events, { ...batch, nowMs }, (event, session) => told.push({ event, session }));
  }
  return { told, ended: host.ended, ras };
}

function withLosses(events: readonly TrueEvent[], lost: readonly number[]): TrueEvent[] {
  const isLost = (place: number) => lost.includes(place) && place < events.length - 1;
  return events.flatMap((event, place) => {
    if (isLost(place)) return [];
    return place > 0 && isLost(place - 1) ? [{ input: { kind: "gap" as const } }, event] : [event];
  });
}

/** The true session that a session is, by the event that both began with. */
function owners(told: readonly Told[]): Map<string, TrueSession> {
  return new Map(
    told.flatMap(({ event: { input, of } }) =>
      input.kind === "gap" || of === undefined
        ? []
        : [[`${input.boot}-${input.position.toString(16)}`, of]]
    ),
  );
}

const keys = ["bytesTransmitted", "bytesReceived", "framesTransmitted", "framesReceived"] as const;

function sumOf(links: Iterable<Counters>): Counters {
  const sum = { bytesTransmitted: 0, bytesReceived: 0, framesTransmitted: 0, framesReceived: 0 };
  for (const link of links) for (const key of keys) sum[key] += link[key];
  return sum;
}

function checkHistory(batches: readonly Batch[]): void {
  const { told, ended } = play(batches);
  const owner = owners(told);
  for (const { event: { input, of }, session } of told) {
    if (session === undefined) continue;
    const really = owner.get(sessionId(session));
    assertEquals(of?.number, really?.number, `${input.kind} is told of another session`);
    if (session.who.user !== undefined) assertEquals(session.who.user, of?.user, input.kind);
  }
  const ends = new Map<TrueSession, EndedSession>();
  for (const end of ended) {
    const really = owner.get(sessionId(end.session));
    assert(really !== undefined, `session ${sessionId(end.session)} never was`);
    assert(!ends.has(really), `session ${really.number} ends twice`);
    ends.set(really, end);
    checkSums(really, end);
  }
  for (const { event: { input, of } } of told) {
    if (input.kind === "connectionUp") assert(ends.has(of!), `session ${of!.number} never ends`);
  }
}

function checkSums(really: TrueSession, end: EndedSession): void {
  const links = end.links.flatMap(({ counters, downUs }) => {
    if (counters === undefined) return [];
    const link = really.links.get(downUs!);
    assertEquals(counters, link?.told, "a link of somebody else is added up");
    return [link!];
  });
  assertEquals(end.totals, sumOf(links.map(({ told }) => told)));
  if (!end.mayHaveWrapped) {
    assertEquals(end.totals, sumOf(links.map(({ carried }) => carried)), "a sum wrapped unmarked");
  }
  if (end.isComplete) assertEquals(links.length, really.links.size, "a link is missing unmarked");
}

const none = fc.constant<number[]>([]);
const some = fc.oneof(none, fc.array(fc.nat(11), { maxLength: 6 }));

Deno.test("SessionBook names nobody wrongly and ends each session once when anything happens", () => {
  fc.assert(fc.property(history(disorder, some), checkHistory), { numRuns: 10_000 });
});

Deno.test("SessionBook names every link's user when nothing was lost", () => {
  fc.assert(
    fc.property(history(deed, none), (batches) => {
      const orderly = batches.map((batch) => ({ ...batch, ticks: false }));
      checkHistory(orderly);
      const { told, ended } = play(orderly);
      for (const { event: { input, of }, session } of told) {
        if (of !== undefined) assertEquals(session?.who.user, of.user, input.kind);
      }
      for (const { reason, isComplete, isSynthetic } of ended) {
        assertEquals(isSynthetic, reason !== "hangup");
        if (!isSynthetic) assert(isComplete);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("SessionBook finds the owner of most links when some events were lost", () => {
  let named = 0;
  let links = 0;
  fc.assert(
    fc.property(history(deed, some), (batches) => {
      for (const { event: { input }, session } of play(batches).told) {
        if (input.kind !== "linkHangup") continue;
        links++;
        if (session !== undefined) named++;
      }
    }),
    { numRuns: 500, seed: 4711 },
  );
  assert(named > links * 0.6, `${named} of ${links}`);
});
