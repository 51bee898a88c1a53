import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FAKE_START_MS, fakeHangup, FakeStoreFile } from "../store/_fake_store_file.ts";
import { ReadStore } from "../store/read_store.ts";
import { type HistoryFilter, readHistory } from "./read_history.ts";

const sequences = (store: ReadStore, filter: HistoryFilter, limit?: number, plugins = ["a", "b"]) =>
  [...readHistory(store, { plugins, filter, limit })].map(({ sequence }) => sequence);

Deno.test("readHistory() gives the newest that match, oldest first, whatever the rows are", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(undefined, "VPN2-1", "vpn2-1", "none"),
      fc.constantFrom(undefined, "done" as const, "failed" as const, "waiting" as const),
      fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      (rows, port, outcome, limit) => {
        using file = new FakeStoreFile();
        let first = 3;
        const total = rows.reduce((sum, count) => sum + count, 0);
        for (const count of rows) {
          const events = Array.from(
            { length: count },
            (_, i) => fakeHangup(first + i, `VPN2-${(first + i) % 3}`),
          );
          file.segment(events);
          first += count;
        }
        const last = 2 + total;
        const settled = 2 + Math.floor(total / 2);
        file.cursor("a", last).done("a", 3, last).cursor("b", settled);
        for (let at = 3; at <= settled; at++) {
          if (at % 4 === 0) file.failure({ plugin: "b", sequence: at });
          else file.done("b", at, at);
        }
        const expected = Array.from({ length: total }, (_, i) => i + 3).filter((at) => {
          const came = at > settled ? "waiting" : at % 4 === 0 ? "failed" : "done";
          return (port === undefined || port.toLowerCase() === `vpn2-${at % 3}`) &&
            (outcome === undefined || outcome === came);
        });
        using store = ReadStore.open(file.folder);
        assertEquals(
          sequences(store, { port, outcome }, limit),
          expected.slice(limit === undefined ? 0 : -limit),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("readHistory() takes the callout's time, the end not included", () => {
  using file = new FakeStoreFile().hangups(1, 9);
  using store = ReadStore.open(file.folder);
  const at = (seconds: number) => (FAKE_START_MS + seconds * 1000) * 1000;
  assertEquals(
    sequences(store, { sinceMicroseconds: at(3), untilMicroseconds: at(6) }),
    [3, 4, 5],
  );
  assertEquals(sequences(store, { sinceMicroseconds: at(3) + 1 }, 2), [8, 9]);
});

Deno.test("readHistory() gives nothing of an empty store", () => {
  using file = new FakeStoreFile();
  using store = ReadStore.open(file.folder);
  assertEquals([sequences(store, {}), sequences(store, {}, 3)], [[], []]);
});
