import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { layout } from "../events/layout.ts";
import { FakeClock } from "../internal/_fake_clock.ts";
import { systemClock } from "../internal/clock.ts";
import { StoreError } from "../internal/errors.ts";
import { BOOTS_MAX } from "./_boot_positions.ts";
import { FakeStoreFile } from "./_fake_store_file.ts";
import { DROPPED_RUNS_MAX } from "./_prune_rows.ts";
import { DeadLetterBook } from "./dead_letter_book.ts";
import { ReadStore } from "./read_store.ts";
import { type Segment, segmentSlice } from "./segment.ts";
import { Store } from "./store.ts";
import { testWhere } from "../../tests/support/test_where.ts";

function segment(first: number, count: number): Segment {
  const bytes = new Uint8Array(count * 64);
  const view = new DataView(bytes.buffer);
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) {
    view.setUint32(i * 64 + layout.entry.bytes, 57 + (i % 8), true);
    view.setUint32(i * 64 + layout.entry.sequence, first + i, true);
    offsets[i + 1] = (i + 1) * 64;
  }
  return { first, last: first + count - 1, bytes, offsets };
}

async function withStore(
  test: (store: Store, folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const store = Store.open(folder, systemClock);
  try {
    await test(store, folder);
  } finally {
    store.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("Store.readSegment() joins rows up to the limit and finds the middle of a row", () =>
  withStore((store) => {
    store.transaction(() => {
      store.addSegment(segment(1, 3));
      store.addSegment(segment(4, 1));
      store.addSegment(segment(5, 4));
    });
    const all = store.readSegment(2, 1 << 20)!;
    assertEquals([all.first, all.last], [1, 8]);
    assertEquals(all.offsets.length, 9);
    const slice = segmentSlice(all, 4, 5);
    const view = new DataView(slice.buffer, slice.byteOffset, slice.byteLength);
    assertEquals(view.getUint32(layout.entry.sequence, true), 4);
    assertEquals(view.getUint32(64 + layout.entry.sequence, true), 5);
    const limited = store.readSegment(1, 200)!;
    assertEquals([limited.first, limited.last], [1, 4]);
    assertEquals(store.readSegment(9, 1), undefined);
    assertEquals(store.lastSequence, 8);
  }));

Deno.test("Store.transaction() leaves nothing behind when its work throws", () =>
  withStore((store) => {
    assertThrows(
      () =>
        store.transaction(() => {
          store.addSegment(segment(1, 1));
          throw new RangeError("on purpose");
        }),
      StoreError,
      "on purpose",
    );
    assertEquals(store.lastSequence, 0);
  }));

Deno.test("Store keeps cursors, boots and failures over a reopening", () =>
  withStore((store, folder) => {
    const cursor = { settled: 7, runs: [{ to: 9, attempt: 2 }, { to: 12, attempt: 1 }] };
    store.transaction(() => {
      store.setCursor("a", cursor);
      store.setBootPosition("00ff", 2n ** 63n);
      store.addFailure({
        plugin: "a",
        sequence: 7,
        attempt: 1,
        kind: "failed",
        message: "m",
        log: [],
      });
    });
    const again = Store.open(folder, systemClock);
    assertEquals(again.cursor("a"), cursor);
    assertEquals(again.cursor("b"), undefined);
    assertEquals(again.bootPosition("00ff"), 2n ** 63n);
    assertEquals(again.failures("a").length, 1);
    again.close();
  }));

Deno.test("Store.prune() drops settled events over the limits, never the newest", () =>
  withStore((store) => {
    store.transaction(() => {
      for (let i = 0; i < 10; i++) store.addSegment(segment(1 + i * 2, 2));
    });
    const ageMsMax = 3_600_000;
    assertEquals(store.prune(20, { ageMsMax, bytesMax: 1 << 20 }).events, 0);
    assertEquals(store.prune(9, { ageMsMax, bytesMax: 128 }).events, 8);
    assertEquals(store.firstSequence, 9);
    assertEquals(store.prune(20, { ageMsMax: -1000, bytesMax: 1 << 20 }).events, 10);
    assertEquals([store.firstSequence, store.lastSequence], [19, 20]);
    assertEquals(store.readSegment(3, 1)!.first, 19);
  }));

Deno.test("Store.open() says why when the folder cannot be used", () => {
  const file = Deno.makeTempFileSync();
  assertThrows(() => Store.open(`${file}/sub`, systemClock), StoreError, "Cannot open the store");
  Deno.removeSync(file);
});

Deno.test("Store.makeDurable() can be called at any time", () =>
  withStore(async (store) => {
    await store.makeDurable();
    store.transaction(() => store.addSegment(segment(1, 1)));
    const durable = store.makeDurable();
    store.transaction(() => store.addSegment(segment(2, 1)));
    await durable;
    await store.makeDurable();
    assertEquals(store.lastSequence, 2);
  }));

Deno.test("Store.prune() drops from the oldest row on, as the plain rules say", async () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(50)), { maxLength: 12 });
  const prunes = fc.array(
    fc.record({
      settled: fc.nat(30),
      ageMsMax: fc.integer({ min: 1, max: 300 }),
      bytesMax: fc.integer({ min: 0, max: 1500 }),
      more: fc.nat(2),
    }),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(rows, prunes, async (given, all) => {
      const folder = Deno.makeTempDirSync();
      const clock = new FakeClock();
      const store = Store.open(folder, clock);
      try {
        const kept: { first: number; last: number; at: number }[] = [];
        const add = async (count: number, pauseMs: number) => {
          const first = (kept.at(-1)?.last ?? 0) + 1;
          store.transaction(() => store.addSegment(segment(first, count)));
          kept.push({ first, last: first + count - 1, at: clock.monotonic() });
          await clock.advance(pauseMs);
        };
        for (const [count, pauseMs] of given) await add(count, pauseMs);
        for (const { settled, ageMsMax, bytesMax, more } of all) {
          const bytes = () =>
            kept.reduce((sum, { first, last }) => sum + (last - first + 1) * 64, 0);
          let events = 0;
          while (
            kept.length > 1 && kept[0]!.last <= settled &&
            (clock.monotonic() - kept[0]!.at > ageMsMax || bytes() > bytesMax)
          ) {
            const { first, last } = kept.shift()!;
            events += last - first + 1;
          }
          assertEquals(store.prune(settled, { ageMsMax, bytesMax }).events, events);
          assertEquals(store.firstSequence, kept[0]?.first ?? 0);
          for (let i = 0; i < more; i++) await add(1, 10);
        }
        assertEquals(store.lastSequence, kept.at(-1)?.last ?? 0);
      } finally {
        store.close();
        Deno.removeSync(folder, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("Store.prune() counts no bytes of a transaction that was taken back", () =>
  withStore((store) => {
    const retention = { ageMsMax: 3_600_000, bytesMax: 128 };
    store.transaction(() => store.addSegment(segment(1, 1)));
    store.transaction(() => store.addSegment(segment(2, 1)));
    assertEquals(store.prune(2, retention).events, 0);
    assertThrows(() =>
      store.transaction(() => {
        store.addSegment(segment(3, 5));
        throw new RangeError("on purpose");
      })
    );
    assertEquals(store.prune(2, retention).events, 0);
  }));

Deno.test("Store.prune() drops events of a time far ahead, which a wrong clock gave", () => {
  const folder = Deno.makeTempDirSync();
  const clock = new FakeClock();
  const store = Store.open(folder, clock);
  clock.wallStepMs = 10_000_000;
  store.transaction(() => store.addSegment(segment(1, 1)));
  clock.wallStepMs = 0;
  store.transaction(() => store.addSegment(segment(2, 1)));
  assertEquals(store.prune(2, { ageMsMax: 20_000_000, bytesMax: 1 << 20 }).events, 0);
  assertEquals(store.prune(2, { ageMsMax: 1_000_000, bytesMax: 1 << 20 }).events, 1);
  store.close();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Store.prune() drops the failures of what it drops", () =>
  withStore((store) => {
    store.transaction(() => {
      for (const sequence of [1, 2]) {
        store.addSegment(segment(sequence, 1));
        store.addFailure({
          plugin: "a",
          sequence,
          attempt: 1,
          kind: "failed",
          message: "m",
          log: [],
        });
      }
    });
    store.prune(2, { ageMsMax: 3_600_000, bytesMax: 1 });
    assertEquals(store.failures("a").map(({ sequence }) => sequence), [2]);
  }));

Deno.test("Store.readSegment() begins behind what was dropped, and stops before a hole", () =>
  withStore((store) => {
    store.transaction(() => {
      for (const first of [5, 7, 11]) store.addSegment(segment(first, 2));
    });
    const first = store.readSegment(1, 1 << 20)!;
    assertEquals([first.first, first.last], [5, 8]);
    assertEquals([store.readSegment(9, 1)!.first, store.readSegment(12, 1)!.first], [11, 11]);
    assertEquals(store.readSegment(13, 1), undefined);
  }));

Deno.test("Store gives a StoreError when it cannot be read", () => {
  const folder = Deno.makeTempDirSync();
  const store = Store.open(folder, systemClock);
  store.close();
  const reads = [
    () => store.lastSequence,
    () => store.firstSequence,
    () => store.readSegment(1, 1),
    () => store.cursor("a"),
  ];
  for (const read of reads) assertThrows(read, StoreError, "Cannot read the store");
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Store.addDone() keeps one row a second for each plugin, however many events it settles", async () => {
  const folder = Deno.makeTempDirSync();
  const clock = new FakeClock();
  const store = Store.open(folder, clock);
  for (let turn = 0; turn < 400; turn++) {
    const first = turn * 25 + 1;
    store.transaction(() => {
      for (const plugin of ["a", "b"]) {
        store.addDone({ plugin, first, last: first + 24, attempt: 1 });
      }
    });
    await clock.advance(10);
  }
  store.close();
  const reader = ReadStore.open(folder);
  for (const plugin of ["a", "b"]) {
    const rows = reader.doneRuns(plugin, 1, 10_000);
    assertEquals(rows.length, 4, "10000 events in four seconds");
    assertEquals([rows[0]!.first, rows.at(-1)!.last], [1, 10_000]);
  }
  reader.close();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Store.requests() gives what is asked of each plugin, by event, at most 100 of each", () =>
  withStore((store) => {
    assertEquals(store.requests(), new Map());
    store.transaction(() => {
      store.addRequest("stop", "");
      for (let sequence = 120; sequence > 0; sequence--) store.addRequest("redrive", "b", sequence);
      store.addRequest("release", "b");
      store.addRequest("release", "a");
    });
    const kinds = [...store.requests()].map(([plugin, all]) => [plugin, all.length, all[0]!.kind]);
    assertEquals(kinds, [["", 1, "stop"], ["a", 1, "release"], ["b", 100, "release"]]);
    const events = store.requests().get("b")!.slice(1).map(({ sequence }) => sequence);
    assertEquals(events, Array.from({ length: 99 }, (_, i) => i + 1));
  }));

Deno.test("Store.bootPosition() asks nothing of the disk and forgets what was undone", () => {
  const folder = Deno.makeTempDirSync();
  const store = Store.open(folder, systemClock);
  store.transaction(() => store.setBootPosition("a", 1n));
  assertThrows(() =>
    store.transaction(() => {
      store.setBootPosition("a", 2n);
      throw new RangeError("on purpose");
    }), StoreError);
  store.transaction(() => {});
  store.close();
  const again = Store.open(folder, systemClock);
  again.close();
  assertEquals([store.bootPosition("a"), again.bootPosition("a")], [1n, 1n]);
  assertEquals(again.bootPosition("b"), undefined);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Store.setBootPosition() forgets the service start whose records came longest ago", () => {
  const folder = Deno.makeTempDirSync();
  const store = Store.open(folder, systemClock);
  store.transaction(() => {
    for (let i = 0; i < BOOTS_MAX; i++) store.setBootPosition(`boot-${i}`, BigInt(i));
  });
  store.transaction(() => store.setBootPosition("boot-0", 7n));
  store.transaction(() => {
    store.setBootPosition("new", 1n);
    store.setBootPosition("new", 2n);
  });
  store.close();
  const again = Store.open(folder, systemClock);
  again.close();
  for (const one of [store, again]) {
    const known = ["boot-0", "boot-1", "boot-2", "new"].map((boot) => one.bootPosition(boot));
    assertEquals(known, [7n, undefined, 2n, 2n]);
  }
  const database = new DatabaseSync(join(folder, "onhook.sqlite"));
  assertEquals(database.prepare("SELECT count(*) AS n FROM boot").get()!["n"], BOOTS_MAX);
  database.close();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("Store.open() takes over how far service starts were when the database is an older one", () => {
  using file = new FakeStoreFile(4);
  file.database.exec("INSERT INTO boot (boot, position) VALUES ('00ff', '12')");
  const store = Store.open(file.folder, systemClock);
  assertEquals(store.bootPosition("00ff"), 12n);
  store.close();
});

Deno.test("Store.addDropped() keeps the newest losses", () =>
  withStore((store, folder) => {
    store.transaction(() => {
      for (let i = 0; i < DROPPED_RUNS_MAX + 5; i++) {
        store.addDropped({ plugin: "a", first: i * 3 + 1, last: i * 3 + 2 });
      }
    });
    using book = DeadLetterBook.open(folder, "read");
    const dropped = book.dropped();
    assertEquals([dropped.length, dropped[0]!.first], [DROPPED_RUNS_MAX, 5 * 3 + 1]);
  }));

Deno.test("Store.addRequest() asks for nothing twice", () =>
  withStore((store) => {
    store.transaction(() => {
      for (const sequence of [undefined, undefined, 3, 3, 4]) {
        store.addRequest("redrive", "a", sequence);
        store.addRequest("release", "a", sequence);
      }
    });
    assertEquals(store.requests().get("a")!.length, 6);
  }));

Deno.test("Store.transaction() fails soon while another process has the database locked", () =>
  withStore((store, folder) => {
    const other = new DatabaseSync(join(folder, "onhook.sqlite"));
    other.exec("BEGIN IMMEDIATE");
    assertThrows(() => store.transaction(() => {}), StoreError, "locked");
    other.exec("ROLLBACK");
    store.transaction(() => store.addSegment(segment(1, 1)));
    assertEquals(store.lastSequence, 1);
    other.close();
  }));

Deno.test("Store.open() refuses a database of a later version or another kind, and lets go of it", () => {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "onhook.sqlite");
  const later = new DatabaseSync(path);
  later.exec("PRAGMA user_version = 99");
  later.close();
  assertThrows(() => Store.open(folder, systemClock), StoreError, "it has version 99");
  // A handle that was left open would keep the file on Windows, and can be seen on Linux.
  if (Deno.build.os === "linux") {
    const open = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`);
      } catch {
        return "";
      }
    });
    assertEquals(open.filter((file) => file.startsWith(folder)), []);
  }
  Deno.removeSync(path);
  Deno.writeTextFileSync(path, "no database at all, but longer than a header of one ".repeat(20));
  assertThrows(() => Store.open(folder, systemClock), StoreError, "Cannot open the store");
  Deno.removeSync(folder, { recursive: true });
});

testWhere(
  "modes",
  "Store.open() makes files that nobody else may read, and keeps a mode that was given",
  () =>
    withStore((store, folder) => {
      const path = join(folder, "onhook.sqlite");
      const modes = () => [path, `${path}-wal`].map((file) => Deno.statSync(file).mode! & 0o777);
      store.transaction(() => store.addSegment(segment(1, 1)));
      assertEquals(modes(), [0o600, 0o600]);
      Deno.chmodSync(path, 0o640);
      Store.open(folder, systemClock).close();
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o640);
    }),
);

Deno.test("Store keeps the first word of what was done once, until its event is dropped", () =>
  withStore((store) => {
    const row = { plugin: "a", sequence: 2, key: "charge", outcome: "{}" };
    store.transaction(() => {
      for (const first of [1, 3, 5]) store.addSegment(segment(first, 2));
      store.addKept(row);
      store.addKept({ ...row, outcome: '{"value":2}' });
      store.addKept({ ...row, key: "mail" });
      store.addKept({ ...row, sequence: 3 });
      store.addKept({ ...row, plugin: "b", sequence: 1 });
    });
    assertEquals(store.keptWithin("a", 1, 9), [row, { ...row, key: "mail" }], "of one event");
    assertEquals(store.keptWithin("a", 3, 9), [{ ...row, sequence: 3 }]);
    assertEquals(store.keptWithin("a", 4, 9), []);
    store.prune(6, { ageMsMax: 3_600_000, bytesMax: 256 });
    assertEquals(store.keptWithin("a", 1, 9), [{ ...row, sequence: 3 }], "1 and 2 are dropped");
  }));
