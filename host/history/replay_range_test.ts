import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../internal/errors.ts";
import { FAKE_START_MS, FakeStoreFile } from "../store/_fake_store_file.ts";
import { ReadStore } from "../store/read_store.ts";
import { type ReplayEnd, replayRange } from "./replay_range.ts";

const at = (seconds: number): ReplayEnd => ({
  microseconds: (FAKE_START_MS + seconds * 1000) * 1000,
});

Deno.test("replayRange() takes events and times, both ends included", () => {
  using file = new FakeStoreFile().hangups(4, 12);
  using store = ReadStore.open(file.folder);
  const table: [ReplayEnd, ReplayEnd | undefined, [number, number]][] = [
    [{ sequence: 6 }, undefined, [6, 12]],
    [{ sequence: 1 }, { sequence: 99 }, [4, 12]],
    [at(6), at(9), [6, 9]],
    [at(5.5), at(9.5), [6, 9]],
    [at(0), { sequence: 5 }, [4, 5]],
  ];
  for (const [from, to, [first, last]] of table) {
    assertEquals(replayRange(store, from, to), { from: first, to: last });
  }
});

Deno.test("replayRange() says which events there are when none is meant", () => {
  using file = new FakeStoreFile().hangups(4, 12);
  using store = ReadStore.open(file.folder);
  for (const [from, to] of [[at(13), undefined], [at(0), at(3)], [at(9), at(8)]] as const) {
    assertThrows(() => replayRange(store, from, to), InputError, "those from 4 to 12 are there");
  }
  using empty = new FakeStoreFile();
  using none = ReadStore.open(empty.folder);
  assertThrows(() => replayRange(none, at(0), undefined), InputError, "none is there yet");
});
