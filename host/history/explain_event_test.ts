import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../internal/errors.ts";
import type { PluginEntry } from "../registry/registry_schema.ts";
import { FAKE_START_MS, fakeHangup, FakeStoreFile } from "../store/_fake_store_file.ts";
import { ReadStore } from "../store/read_store.ts";
import { explainEvent } from "./explain_event.ts";
import { findEvent } from "./find_event.ts";

const BOOT = "00000000000000b0";

/** A service start, hangups 2 … 8 in rows of their own, and a gap of the journal. */
function filled(): FakeStoreFile {
  const time = "2026-11-22T10:00:00.000001Z";
  const file = new FakeStoreFile().segment([{
    type: "serviceStart",
    id: `${BOOT}-1`,
    sequence: 1,
    time,
    attempt: 1,
    service: { bootId: BOOT, processId: 7, libraryVersion: "0.1.0" },
  }]);
  file.hangups(2, 8, 2);
  return file.segment([
    fakeHangup(9, "VPN3-1", "00000000000000b1"),
    {
      type: "gap",
      id: `${BOOT}-gap-66`,
      sequence: 10,
      time,
      attempt: 1,
      gap: { lost: 66, exact: true, firstTime: time, lastTime: time, reasons: ["journalFull"] },
    },
  ]);
}

const entry = (id: string, enabled = true) => ({ id, enabled }) as PluginEntry;

Deno.test("findEvent() finds an event by sequence, by id, and a gap by its own kind of id", () => {
  using file = filled();
  using store = ReadStore.open(file.folder);
  const wanted: [string, number][] = [
    ["5", 5],
    ["#5", 5],
    [fakeHangup(8).id, 8],
    [`${BOOT}-1`, 1],
    ["00000000000000b1-240", 9],
    [`${BOOT}-gap-66`, 10],
  ];
  for (const [text, sequence] of wanted) assertEquals(findEvent(store, text).sequence, sequence);
  for (const text of ["11", "0", `${BOOT}-42`, `${BOOT}-gap-1`]) {
    assertThrows(() => findEvent(store, text), InputError, "those from 1 to 10 are there");
  }
  assertThrows(() => findEvent(store, "x=1"), InputError, "the id or the sequence of an event");
});

Deno.test("explainEvent() tells every plugin in call order, and others that had a part in it", () => {
  using file = filled().cursor("late", 8).cursor("gone", 9).cursor("idle", 9).cursor("waits", 2)
    .done("late", 5, 8, FAKE_START_MS + 120_000).failure({ plugin: "gone", sequence: 5 });
  using store = ReadStore.open(file.folder);
  const registry = [entry("late"), entry("off", false), entry("waits")];
  const { event, serviceStart, plugins } = explainEvent(store, findEvent(store, "5"), registry);
  assertEquals([event.sequence, event.type, event.time], [5, "linkHangup", fakeHangup(5).time]);
  assertEquals(serviceStart?.sequence, 1);
  assertEquals(
    plugins.map(({ plugin, place, isEnabled, isKnown, isLate, outcome }) =>
      [plugin, place, isEnabled, isKnown, isLate, outcome.kind] as const
    ),
    [
      ["late", 1, true, true, true, "done"],
      ["off", 2, false, false, false, "none"],
      ["waits", 3, true, true, false, "waiting"],
      ["gone", undefined, false, true, false, "dead"],
    ],
  );
});

Deno.test("explainEvent() says that the service's start is unknown when it is not in the store", () => {
  using file = filled();
  using store = ReadStore.open(file.folder);
  assertEquals(explainEvent(store, findEvent(store, "9"), []).serviceStart, undefined);
  assertEquals(explainEvent(store, findEvent(store, "10"), []).serviceStart, undefined);
});

Deno.test("explainEvent() tells what a plugin did once in the event", () => {
  using file = filled().cursor("billing", 9).cursor("other", 9).done("billing", 2, 8)
    .done("other", 2, 8);
  const insert = file.database.prepare("INSERT INTO once VALUES ('billing', ?, ?, '{}', ?)");
  insert.run(5, "mail", 2000);
  insert.run(5, "charge", 1000);
  insert.run(6, "charge", 3000);
  using store = ReadStore.open(file.folder);
  const { plugins } = explainEvent(store, findEvent(store, "5"), [entry("billing")]);
  assertEquals(plugins.map(({ plugin, once }) => [plugin, once]), [
    ["billing", [{ key: "charge", keptMs: 1000 }, { key: "mail", keptMs: 2000 }]],
    ["other", undefined],
  ]);
});
