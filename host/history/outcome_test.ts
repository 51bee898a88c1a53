import { assertEquals } from "@std/assert";
import { FAKE_START_MS, FakeStoreFile } from "../store/_fake_store_file.ts";
import { ReadStore } from "../store/read_store.ts";
import { nextAttempt, OutcomeRange } from "./outcome.ts";

Deno.test("OutcomeRange.of() tells each kind of outcome apart", () => {
  using file = new FakeStoreFile().hangups(1, 12).cursor("a", 8, [[9, 2], [10, 1]])
    .done("a", 2, 4).done("a", 6, 6, FAKE_START_MS + 10, 3)
    .failure({ plugin: "a", sequence: 5, kind: "timedOut", attempt: 2 })
    .failure({ plugin: "a", sequence: 7, redrivenMs: FAKE_START_MS + 99 })
    .failure({ plugin: "a", sequence: 8 });
  file.database.exec(
    "INSERT INTO request (kind, plugin, sequence, made_ms) VALUES ('redrive', 'a', 8, 1)",
  );
  using store = ReadStore.open(file.folder);
  const range = new OutcomeRange(store, "a", 1, 12);
  const kinds = Array.from({ length: 12 }, (_, i) => range.of(i + 1).kind);
  assertEquals(kinds, [
    "none",
    "done",
    "done",
    "done",
    "dead",
    "done",
    "redriven",
    "dead",
    "waiting",
    "waiting",
    "waiting",
    "waiting",
  ]);
  const [dead, done, asked, next, last] = [5, 6, 8, 9, 12].map((at) => range.of(at));
  assertEquals(dead?.kind === "dead" && [dead.how, dead.isAsked], ["timedOut", false]);
  assertEquals(done, {
    kind: "done",
    attempt: 3,
    fromMs: FAKE_START_MS + 10,
    toMs: FAKE_START_MS + 15,
    wasBehind: false,
  });
  assertEquals(asked?.kind === "dead" && asked.isAsked, true);
  assertEquals(next, { kind: "waiting", before: 0, attempt: 2 });
  assertEquals(last, { kind: "waiting", before: 3, attempt: 0 });
  assertEquals([1, 5, 6, 9, 12].map((at) => nextAttempt(range.of(at))), [undefined, 3, 4, 3, 1]);
});

Deno.test("OutcomeRange.of() tells what was denied, and what was settled behind the others", () => {
  using file = new FakeStoreFile().hangups(1, 9).cursor("a", 9)
    .done("a", 1, 3, FAKE_START_MS, -2)
    .failure({
      plugin: "a",
      sequence: 4,
      message: 'NotCapable: Requires net access to "x.example:443", run again with --allow-net',
    })
    .failure({ plugin: "a", sequence: 5, message: "TypeError: NotCapable: Requires net access" })
    .failure({ plugin: "a", sequence: 6, kind: "crashed", message: "NotCapable: Requires net" });
  using store = ReadStore.open(file.folder);
  const range = new OutcomeRange(store, "a", 1, 9);
  const done = range.of(2);
  assertEquals(done.kind === "done" && [done.wasBehind, done.attempt], [true, 2]);
  const how = [4, 5, 6].map((at) => {
    const outcome = range.of(at);
    return outcome.kind === "dead" ? [outcome.how, outcome.denied] : [];
  });
  assertEquals(how, [
    ["denied", { kind: "net", target: "x.example:443" }],
    ["failed", undefined],
    ["crashed", undefined],
  ]);
});

Deno.test("OutcomeRange.of() knows nothing of a plugin that has never run", () => {
  using file = new FakeStoreFile().hangups(1, 3);
  using store = ReadStore.open(file.folder);
  const range = new OutcomeRange(store, "new", 1, 3);
  assertEquals([range.isKnown, range.of(2).kind], [false, "none"]);
});
