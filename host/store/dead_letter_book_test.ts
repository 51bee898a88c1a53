import { assertEquals, assertThrows } from "@std/assert";
import { StoreError } from "../internal/errors.ts";
import { FAKE_START_MS, FakeStoreFile } from "./_fake_store_file.ts";
import { DeadLetterBook } from "./dead_letter_book.ts";

function filled(): FakeStoreFile {
  return new FakeStoreFile().cursor("a", 9).cursor("c", 9)
    .failure({ plugin: "b", sequence: 2 })
    .failure({ plugin: "a", sequence: 7, failedMs: FAKE_START_MS + 60_000 })
    .failure({ plugin: "a", sequence: 3, log: [{ level: "info", message: "before" }] })
    .failure({ plugin: "a", sequence: 1, redrivenMs: FAKE_START_MS + 1 });
}

const keys = (letters: Iterable<{ plugin: string; sequence: number }>) =>
  [...letters].map(({ plugin, sequence }) => `${plugin}${sequence}`);

Deno.test("DeadLetterBook.list() gives what is selected, by plugin and sequence", () => {
  using file = filled();
  using book = DeadLetterBook.open(file.folder, "read");
  assertEquals(keys(book.list({})), ["a3", "a7", "b2"]);
  assertEquals(keys(book.list({ withRedriven: true })), ["a1", "a3", "a7", "b2"]);
  assertEquals(keys(book.list({ plugin: "a", sinceMs: FAKE_START_MS + 60_000 })), ["a7"]);
  assertEquals(keys(book.list({ sequence: 2 })), ["b2"]);
  assertEquals(book.count({ plugin: "a" }), 2);
  assertEquals(book.plugins(), ["a", "b", "c"]);
});

Deno.test("DeadLetterBook.list() gives every one when there are more than a page", () => {
  using file = new FakeStoreFile();
  file.database.exec("BEGIN");
  for (let i = 1; i <= 1203; i++) file.failure({ plugin: i % 2 === 0 ? "a" : "b", sequence: i });
  file.database.exec("COMMIT");
  using book = DeadLetterBook.open(file.folder, "read");
  const all = keys(book.list({}));
  assertEquals([all.length, new Set(all).size], [1203, 1203]);
});

Deno.test("DeadLetterBook.askRedrive() asks in order of sequence, and never twice", () => {
  using file = filled();
  using book = DeadLetterBook.open(file.folder, "write");
  assertEquals(book.askRedrive({ sequence: 3 }, 5), 1);
  assertEquals(book.countNotAsked({}), 2);
  assertEquals(book.askRedrive({}, 6), 2);
  assertEquals(book.askRedrive({}, 7), 0);
  assertEquals(file.requests(), [
    { kind: "redrive", plugin: "a", sequence: 3 },
    { kind: "redrive", plugin: "b", sequence: 2 },
    { kind: "redrive", plugin: "a", sequence: 7 },
  ]);
  assertEquals([...book.list({})].map(({ askedMs }) => askedMs), [5, 6, 6]);
});

Deno.test("DeadLetterBook.drop() deletes what is selected with what was asked for it", () => {
  using file = filled();
  using book = DeadLetterBook.open(file.folder, "write");
  book.askRedrive({}, 5);
  assertEquals(book.drop({ plugin: "a" }), 2);
  assertEquals(keys(book.list({ withRedriven: true })), ["a1", "b2"]);
  assertEquals(file.requests(), [{ kind: "redrive", plugin: "b", sequence: 2 }]);
});

Deno.test("DeadLetterBook.ofEvent() gives the lines of log, also of one that was redriven", () => {
  using file = filled();
  using book = DeadLetterBook.open(file.folder, "read");
  assertEquals(book.ofEvent(3)[0]!.log, [{ level: "info", message: "before" }]);
  assertEquals(book.ofEvent(1, "a")[0]!.redrivenMs, FAKE_START_MS + 1);
  assertEquals(book.ofEvent(1, "b"), []);
});

Deno.test("DeadLetterBook cannot change anything when it is opened to read", () => {
  using file = filled();
  using book = DeadLetterBook.open(file.folder, "read");
  assertThrows(() => book.drop({}), StoreError, "Cannot write the store");
  assertEquals(book.count({}), 3);
});
