/** Who hung up, with real callouts, a real store, and hosts that are killed in between. */
import { assert, assertEquals } from "@std/assert";
import type { ConnectionUpEvent, LinkHangupEvent, OnhookEvent, SessionEndEvent } from "onhook";
import { TestWorld } from "../support/test_world.ts";

const FIELDS = ["port", "session.user", "connection.user"];

/** Each event once, as it was delivered first, in sequence. */
function onceEach(world: TestWorld): OnhookEvent[] {
  const events = new Map<string, OnhookEvent>();
  for (const { event } of world.recorded("all")) {
    const before = events.get(event.id);
    if (before === undefined) events.set(event.id, event);
    else assertEquals({ ...event, attempt: before.attempt }, before, "the same once more");
  }
  return [...events.values()].toSorted((a, b) => a.sequence - b.sequence);
}

function ofType<Type extends OnhookEvent["type"]>(
  events: readonly OnhookEvent[],
  type: Type,
): Extract<OnhookEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<OnhookEvent, { type: Type }> =>
    event.type === type
  );
}

/** What the users of the day carried, by the session that each link was of. */
function checkDay(events: readonly OnhookEvent[]): void {
  const ups = new Map<string, ConnectionUpEvent>();
  for (const up of ofType(events, "connectionUp")) ups.set(up.session!.id!, up);
  const hangups = new Map<string, LinkHangupEvent[]>();
  for (const hangup of ofType(events, "linkHangup")) {
    const { id, user } = hangup.session!;
    assertEquals(user, ups.get(id!)!.connection.user, "whose hangup it was");
    hangups.set(id!, [...hangups.get(id!) ?? [], hangup]);
  }
  const ends = new Map<string, SessionEndEvent>();
  for (const end of ofType(events, "sessionEnd")) {
    assert(!ends.has(end.session!.id!), "a session ends twice");
    ends.set(end.session!.id!, end);
  }
  assertEquals([...ends.keys()].toSorted(), [...ups.keys()].toSorted());
  for (const [id, { session, end }] of ends) {
    assertEquals(session!.user, ups.get(id)!.connection.user);
    const bytes = (hangups.get(id) ?? []).map(({ port }) => port.bytesTransmitted!);
    assertEquals(end!.totals.bytesTransmitted, bytes.reduce((sum, each) => sum + each, 0));
    if (end!.complete) assertEquals(end!.links.length, bytes.length);
  }
  assertEquals(events.map(({ sequence }) => sequence), events.map((_, place) => place + 1));
}

Deno.test("every hangup says whose it was and every session ends once, kills in between", async () => {
  await using world = await TestWorld.make([]);
  await world.writeRegistry([{ ...world.recorder("all"), fields: FIELDS }]);
  const playing = world.play({ count: 300, ratePerSecond: 25, hangupsOnly: false, seed: 5 });
  for (const atLeast of [100, 400, 800]) {
    await using host = await world.startHost();
    await host.until(() => world.recorded("all").length >= atLeast, `${atLeast} events`);
    await host.kill();
  }
  await playing;
  await using host = await world.startHost();
  const isOver = () => world.recorded("all").some(({ event }) => event.type === "serviceStop");
  await host.until(isOver, "the whole day");
  const events = onceEach(world);
  checkDay(events);
  const sources = new Set(ofType(events, "linkHangup").map(({ session }) => session!.source));
  assert(sources.has("restored after a restart of the host"), [...sources].join());
  assertEquals(ofType(events, "linkHangup").length, 300);
});
