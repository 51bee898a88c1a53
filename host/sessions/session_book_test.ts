import { assertEquals, assertFalse } from "@std/assert";
import type { ConnectionInput, LinkInput, SessionInput } from "./session_input.ts";
import { LINKS_MAX, SessionBook, SESSIONS_MAX } from "./session_book.ts";
import type { SessionRecord } from "./session_record.ts";

const LIMITS = { sessionWaitMs: 30_000, sessionReportHours: 1 };
const BOOT = "00000000000000aa";
const START_US = 1_700_000_000_000_000;
const START_MS = START_US / 1000;

let place = 0;

function at(seconds: number, boot = BOOT): { boot: string; position: number; timeUs: number } {
  return { boot, position: place += 64, timeUs: START_US + seconds * 1_000_000 };
}

function connection(
  kind: ConnectionInput["kind"],
  seconds: number,
  rest: Partial<ConnectionInput> = {},
): ConnectionInput {
  return { kind, ...at(seconds), handle: 4, who: { user: "ada", domain: "CORP" }, ...rest };
}

function link(kind: LinkInput["kind"], seconds: number, rest: Partial<LinkInput> = {}): LinkInput {
  return { kind, ...at(seconds), handle: 4, port: 1, ...rest };
}

const counters = {
  bytesTransmitted: 10,
  bytesReceived: 20,
  framesTransmitted: 3,
  framesReceived: 4,
};

function takeAll(book: SessionBook, inputs: readonly SessionInput[]): void {
  for (const input of inputs) book.take(input, START_MS);
}

Deno.test("SessionBook.take() tells a hangup whose it was when the session was seen", () => {
  const book = new SessionBook(LIMITS);
  const up = connection("connectionUp", 0);
  takeAll(book, [up, link("linkUp", 1), link("linkUp", 2, { port: 2 })]);
  const first = book.take(link("linkHangup", 10, { counters }), START_MS)!;
  assertEquals([first.session.who.user, first.linkCount, first.isLastLink], ["ada", 1, false]);
  assertEquals([first.session.position, first.isRestored], [up.position, false]);
  const second = book.take(link("linkHangup", 11, { port: 2, counters }), START_MS)!;
  assertEquals([second.linkCount, second.isLastLink], [0, true]);
  assertEquals(book.takeEnded().length, 0);
  assertEquals(book.take(connection("connectionHangup", 12), START_MS)?.isLastLink, true);
  const [ended] = book.takeEnded();
  assertEquals([ended!.reason, ended!.isSynthetic, ended!.isComplete], ["hangup", false, true]);
  assertEquals(ended!.totals.bytesTransmitted, 20);
  assertEquals(ended!.mayHaveWrapped, true, "nobody said that they have not wrapped");
  assertEquals(book.size, 0);
});

Deno.test("SessionBook.take() tells nobody's name when the connection was never seen", () => {
  const book = new SessionBook(LIMITS);
  assertEquals(book.take(link("linkHangup", 0), START_MS), undefined);
  assertEquals(book.take(connection("connectionHangup", 0), START_MS), undefined);
  assertEquals(book.take(connection("reauthentication", 0), START_MS), undefined);
  assertEquals([book.size, book.takeEnded().length, book.takeChanges().put.length], [0, 0, 0]);
});

Deno.test("SessionBook.take() ends the old session when its handle is used again", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [connection("connectionUp", 0), link("linkUp", 1)]);
  const facts = book.take(connection("connectionUp", 5, { who: { user: "bo" } }), START_MS)!;
  assertEquals(facts.session.who.user, "bo");
  const [ended] = book.takeEnded();
  assertEquals([ended!.session.who.user, ended!.reason], ["ada", "handleReused"]);
  assertEquals(ended!.isSynthetic, true);
  assertEquals(book.take(link("linkHangup", 6), START_MS), undefined, "the link was ada's");
});

Deno.test("SessionBook.take() ends all other boots' sessions when the service starts again", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [
    connection("connectionUp", 0),
    connection("connectionUp", 1, { handle: 8, who: { user: "bo" } }),
    { kind: "serviceStart", ...at(60, "00000000000000bb") },
  ]);
  const ended = book.takeEnded();
  assertEquals(ended.map(({ session }) => session.who.user), ["ada", "bo"]);
  for (const { reason, isSynthetic, endedUs } of ended) {
    assertEquals([reason, isSynthetic, endedUs], [
      "serviceRestarted",
      true,
      START_US + 60_000_000,
    ]);
  }
});

Deno.test("SessionBook.take() names a link behind a gap only when it must be the same", () => {
  const known = { totalCalls: 9, seconds: 100 };
  const cases: [Partial<LinkInput>, string | undefined][] = [
    [known, "ada"],
    [{ ...known, totalCalls: 10 }, undefined],
    [{ ...known, seconds: 50 }, undefined],
    [{ seconds: 100 }, undefined],
  ];
  for (const [rest, user] of cases) {
    const book = new SessionBook(LIMITS);
    takeAll(book, [
      connection("connectionUp", 0),
      link("linkUp", 0, { totalCalls: 9 }),
      { kind: "gap" },
    ]);
    const facts = book.take(link("linkHangup", 100, { ...rest, counters }), START_MS);
    assertEquals(facts?.session.who.user, user, JSON.stringify(rest));
    book.tick(START_MS + 30_000);
    if (user === undefined) book.take({ kind: "serviceStop", ...at(200) }, START_MS);
    const [ended] = book.takeEnded();
    assertEquals(ended!.session.isUncertain, true);
    assertEquals(ended!.totals.bytesReceived, user === undefined ? 0 : 20);
    assertEquals(ended!.isComplete, false);
  }
});

Deno.test("SessionBook.take() knows a connection behind a gap again when its GUID is the same", () => {
  for (const guid of ["g1", "g2"]) {
    const book = new SessionBook(LIMITS);
    takeAll(book, [connection("connectionUp", 0, { guid: "g1" }), { kind: "gap" }]);
    book.take(link("linkUp", 1), START_MS);
    book.take(link("linkHangup", 2, { counters }), START_MS);
    const facts = book.take(connection("connectionHangup", 3, { guid }), START_MS);
    const [ended] = book.takeEnded();
    assertEquals(facts?.session.who.user, guid === "g1" ? "ada" : undefined);
    assertEquals(ended!.reason, guid === "g1" ? "hangup" : "hangupLost");
    assertEquals(ended!.totals.bytesReceived, guid === "g1" ? 20 : 0);
  }
});

Deno.test("SessionBook.tick() gives up on a connection's hangup when it does not come", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [connection("connectionUp", 0), link("linkUp", 1), link("linkHangup", 9)]);
  assertFalse(book.isDue(START_MS + 29_999));
  book.tick(START_MS + 29_999);
  assertEquals(book.takeEnded().length, 0);
  assertEquals(book.isDue(START_MS + 30_000), true);
  book.tick(START_MS + 30_000);
  const [ended] = book.takeEnded();
  assertEquals([ended!.reason, ended!.isSynthetic], ["connectionHangupMissing", true]);
  assertEquals(ended!.endedUs, START_US + 9_000_000);
  assertEquals(book.take(connection("connectionHangup", 50), START_MS), undefined);
  assertEquals(book.takeEnded().length, 0);
});

Deno.test("SessionBook.tick() gives up once on a session that events were lost of", () => {
  const book = new SessionBook(LIMITS);
  const known = { totalCalls: 9, seconds: 10 };
  takeAll(book, [
    connection("connectionUp", 0),
    link("linkUp", 0, known),
    { kind: "gap" },
    link("linkHangup", 10, known),
  ]);
  book.tick(START_MS + 30_000);
  const [ended] = book.takeEnded();
  assertEquals([ended!.reason, ended!.isComplete], ["connectionHangupMissing", false]);
  // A second link of it that was up all the time, unseen.
  assertEquals(book.take(link("linkUp", 50, { port: 2 }), START_MS), undefined);
  assertEquals(book.take(link("linkHangup", 60, { port: 2 }), START_MS), undefined);
  assertEquals(book.take(connection("connectionHangup", 61), START_MS), undefined);
  assertEquals([book.takeEnded().length, book.size], [0, 0]);
});

Deno.test("SessionBook.tick() gives up on a link's hangup when the connection's has come", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [
    connection("connectionUp", 0),
    link("linkUp", 1),
    connection("connectionHangup", 9),
  ]);
  book.tick(START_MS + 30_000);
  const [ended] = book.takeEnded();
  assertEquals([ended!.reason, ended!.isSynthetic], ["linkHangupsMissing", false]);
  assertEquals(ended!.isComplete, false);
});

Deno.test("SessionBook knows a session again when it was stored in between", () => {
  const first = new SessionBook(LIMITS);
  takeAll(first, [connection("connectionUp", 0), link("linkUp", 1)]);
  const stored = first.takeChanges().put.map((each) =>
    JSON.parse(JSON.stringify(each)) as SessionRecord
  );
  const second = new SessionBook(LIMITS, stored);
  const facts = second.take(link("linkHangup", 9), START_MS)!;
  assertEquals([facts.session.who.user, facts.isRestored], ["ada", true]);
  second.take(connection("connectionHangup", 9), START_MS);
  const [ended] = second.takeEnded();
  assertEquals([ended!.isRestored, second.takeChanges().removed.length], [true, 1]);
});

Deno.test("SessionBook.takeChanges() has nothing when a session came and went in between", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [connection("connectionUp", 0), connection("connectionHangup", 1)]);
  assertEquals(book.takeChanges(), { put: [], removed: [] });
});

Deno.test("SessionBook.overlong() gives what is open for very long, once each time", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [connection("connectionUp", 0)]);
  assertEquals(book.overlong(START_MS + 3_599_999).length, 0);
  assertEquals(book.overlong(START_MS + 3_600_000).length, 1);
  assertEquals(book.overlong(START_MS + 3_600_001).length, 0);
  assertEquals(book.overlong(START_MS + 7_200_000).length, 1);
  assertEquals(book.size, 1);
});

Deno.test("SessionBook keeps a bounded number of links and sessions when they never end", () => {
  const book = new SessionBook(LIMITS);
  takeAll(book, [connection("connectionUp", 0)]);
  for (let port = 1; port <= LINKS_MAX + 5; port++) {
    book.take(link("linkUp", 1, { port }), START_MS);
  }
  const [session] = book.takeChanges().put;
  assertEquals([session!.links.length, session!.linksOmitted], [LINKS_MAX, 5]);
  for (let i = 0; i < SESSIONS_MAX; i++) {
    book.take(connection("connectionUp", 2, { handle: 100 + i }), START_MS);
  }
  assertEquals(book.size, SESSIONS_MAX);
  assertEquals(book.takeEnded().map(({ reason }) => reason), ["tooMany"]);
});
