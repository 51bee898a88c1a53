import { assert, assertEquals, assertThrows } from "@std/assert";
import { sampleEvents } from "../_testing/sample_events.ts";
import { hourText } from "./hour.ts";
import { type FinishedHour, HourBook, HOURS_OPEN_MAX } from "./hour_book.ts";

const at = (time: string) => sampleEvents.linkHangup({ time: `2026-11-22T${time}Z` });

/** Each finished hour as its text, its number of hangups and its notes. */
function summary(hours: FinishedHour[]): [string, number, string[]][] {
  return hours.map(({ hour, totals, notes }) => {
    const ports = [...totals.ports.values(), totals.others];
    return [hourText(hour), ports.reduce((sum, port) => sum + port.hangups, 0), notes];
  });
}

const STARTED = "not seen from its beginning";
const STOPPED = "not seen to its end";
const LATE = "late events, to be added to the earlier report";

Deno.test("HourBook.add() finishes an hour when an event comes a minute after its end", () => {
  const book = new HourBook(10);
  assertEquals(book.add(at("10:15:00.000000")), []);
  assertEquals(book.add(at("11:00:59.999999")), []);
  assertEquals(summary(book.add(at("11:01:00.000000"))), [["2026-11-22T10Z", 1, [STARTED]]]);
  assertEquals(summary(book.add(at("13:30:00.000000"))), [["2026-11-22T11Z", 2, []]]);
  assertEquals(summary(book.drain()), [["2026-11-22T13Z", 1, [STOPPED]]]);
  assertEquals(book.drain(), []);
});

Deno.test("HourBook.add() keeps events that overtook each other in their own hour", () => {
  const book = new HourBook(10);
  book.add(at("10:59:59.999998"));
  book.add(at("11:00:00.000001"));
  book.add(at("10:59:59.999999"));
  assertEquals(summary(book.add(at("11:30:00.000000"))), [["2026-11-22T10Z", 2, [STARTED]]]);
});

Deno.test("HourBook.add() reports late events with the next hour when theirs was reported", () => {
  const book = new HourBook(10);
  book.add(at("10:30:00.000000"));
  assertEquals(summary(book.add(at("11:05:00.000000"))).length, 1);
  assertEquals(book.add(at("10:59:00.000000")), []);
  assertEquals(summary(book.add(at("12:05:00.000000"))), [
    ["2026-11-22T10Z", 1, [LATE]],
    ["2026-11-22T11Z", 1, []],
  ]);
});

Deno.test("HourBook.add() goes on by the new time when the clock is set back", () => {
  const book = new HourBook(10);
  book.add(sampleEvents.linkHangup({ time: "2036-01-01T00:30:00.000000Z" }));
  const closed = summary(book.add(at("10:30:00.000000")));
  assertEquals(closed, [["2036-01-01T00Z", 1, [STARTED, "the clock was set back"]]]);
  assertEquals(summary(book.add(at("11:30:00.000000"))), [["2026-11-22T10Z", 1, []]]);
});

Deno.test("HourBook.add() keeps a bounded number of hours when times jump about", () => {
  const book = new HourBook(10);
  let reported = 0;
  for (let n = 0; n < 2000; n++) {
    const ms = Date.UTC(2026, 0, 1) + ((n * 7919) % 997) * 1_800_000;
    const event = sampleEvents.linkHangup({ time: new Date(ms).toISOString() });
    for (const [, hangups] of summary(book.add(event))) reported += hangups;
  }
  const rest = book.drain();
  assert(rest.length <= HOURS_OPEN_MAX, `${rest.length} hours were open`);
  assertEquals(summary(rest).reduce((sum, [, hangups]) => sum + hangups, reported), 2000);
});

Deno.test("HourBook.add() notes lost events when a gap lies in the hour", () => {
  const book = new HourBook(10);
  book.add(sampleEvents.gap(Number.MAX_SAFE_INTEGER));
  book.add(sampleEvents.gap(Number.MAX_SAFE_INTEGER));
  const [hour] = book.drain();
  assertEquals(hour!.totals.eventsLost, 2n * BigInt(Number.MAX_SAFE_INTEGER));
  assertEquals(hour!.notes, [STARTED, "events were lost", STOPPED]);
});

Deno.test("HourBook.add() refuses an event when its time is not a time", () => {
  assertThrows(() => new HourBook(1).add(at("noon")), RangeError);
});
