import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { StoreError } from "../internal/errors.ts";
import { FakeStoreFile } from "./_fake_store_file.ts";
import { ReadStore } from "./read_store.ts";

const spans = (segments: readonly { first: number; last: number }[]) =>
  segments.map(({ first, last }) => [first, last]);

Deno.test("ReadStore.segmentsFrom() begins with the row that holds an event, or the next one", () => {
  using file = new FakeStoreFile().hangups(4, 9).hangups(13, 15);
  using store = ReadStore.open(file.folder);
  assertEquals([store.firstSequence, store.lastSequence], [4, 15]);
  assertEquals(spans(store.segmentsFrom(5, 1 << 20)), [[4, 6], [7, 9], [13, 15]]);
  assertEquals(spans(store.segmentsFrom(7, 1)), [[7, 9]]);
  assertEquals(spans(store.segmentsFrom(1, 1)), [[4, 6]]);
  assertEquals(spans(store.segmentsFrom(11, 1)), [[13, 15]]);
  assertEquals(spans(store.segmentsFrom(16, 1)), []);
});

Deno.test("ReadStore.segmentsUpTo() begins with the row that holds an event, or the one before", () => {
  using file = new FakeStoreFile().hangups(4, 9).hangups(13, 15);
  using store = ReadStore.open(file.folder);
  assertEquals(spans(store.segmentsUpTo(8, 1 << 20)), [[7, 9], [4, 6]]);
  assertEquals(spans(store.segmentsUpTo(11, 1)), [[7, 9]]);
  assertEquals(spans(store.segmentsUpTo(3, 1)), []);
});

Deno.test("ReadStore.doneRuns() gives the runs that reach into a range and no others", () => {
  using file = new FakeStoreFile().done("a", 1, 10).done("a", 4, 4).done("a", 11, 20)
    .done("a", 22, 30).done("b", 1, 99);
  using store = ReadStore.open(file.folder);
  assertEquals(spans(store.doneRuns("a", 5, 10)), [[1, 10]]);
  assertEquals(spans(store.doneRuns("a", 4, 12)), [[1, 10], [4, 4], [11, 20]]);
  assertEquals(spans(store.doneRuns("a", 21, 21)), []);
  assertEquals(spans(store.doneRuns("a", 21, 22)), [[22, 30]]);
});

Deno.test("ReadStore reads while a host writes, and cannot write itself", () => {
  using file = new FakeStoreFile().hangups(1, 3);
  file.database.exec("BEGIN IMMEDIATE");
  file.cursor("a", 3);
  using store = ReadStore.open(file.folder);
  assertEquals([store.lastSequence, store.cursor("a")], [3, undefined]);
  store.snapshot(() => {
    assertEquals(store.plugins(), []);
    file.database.exec("COMMIT");
    assertEquals(store.plugins(), [], "a snapshot is of one moment");
  });
  assertEquals(store.cursor("a"), { settled: 3, runs: [] });
});

Deno.test("ReadStore.open() says what is there when it is no store of this version", () => {
  const folder = Deno.makeTempDirSync();
  try {
    assertThrows(() => ReadStore.open(folder), StoreError, "there is none");
    assertEquals([...Deno.readDirSync(folder)], [], "nothing is made");
    Deno.writeTextFileSync(join(folder, "onhook.sqlite"), "no database ".repeat(1000));
    assertThrows(() => ReadStore.open(folder), StoreError, "file is not a database");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  using file = new FakeStoreFile();
  for (const [version, next] of [[99, "the Onhook that the host is of"], [0, "start the host"]]) {
    file.database.exec(`PRAGMA user_version = ${version}`);
    const error = assertThrows(() => ReadStore.open(file.folder), StoreError, `version ${version}`);
    assertEquals(error.message.includes(String(next)), true, error.message);
  }
});
