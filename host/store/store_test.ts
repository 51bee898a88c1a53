import { assertEquals, assertThrows } from "@std/assert";
import { layout } from "../events/layout.ts";
import { systemClock } from "../internal/clock.ts";
import { StoreError } from "../internal/errors.ts";
import { type Segment, segmentSlice } from "./segment.ts";
import { Store } from "./store.ts";

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

function withStore(test: (store: Store, folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  const store = Store.open(folder, systemClock);
  try {
    test(store, folder);
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
  withStore((store) => {
    store.makeDurable();
    store.transaction(() => store.addSegment(segment(1, 1)));
    store.makeDurable();
    assertEquals(store.lastSequence, 1);
  }));
