import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { StoreError } from "../internal/errors.ts";
import type { Segment } from "../store/segment.ts";
import { fakeBatch } from "./_fake_plugins.ts";
import { EventSource, type SegmentReader } from "./event_source.ts";
import { takeIn } from "./take_in.ts";

const ENTRY_BYTES = 56;

function segmentOf(first: number, count: number): Segment {
  return takeIn(fakeBatch(1n, first * 64, count), first, () => undefined).segment!;
}

/** The sequence that stands in the bytes of an event. */
function sequenceAt(segment: Segment, sequence: number): number {
  const { bytes, offsets, first } = segment;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(offsets[sequence - first]! + 8, true);
}

/** A store of segments in memory that counts how often it is read. */
class FakeStore implements SegmentReader {
  readonly segments: Segment[] = [];
  reads = 0;

  readSegment(from: number): Segment | undefined {
    this.reads++;
    return this.segments.find(({ last }) => last >= from);
  }
}

const LIMITS = { recentBytesMax: 10 * ENTRY_BYTES, readBytes: 1 };

Deno.test("EventSource gives the newest events from memory, without reading the store", () => {
  const store = new FakeStore();
  const source = new EventSource(store, LIMITS);
  source.add(segmentOf(1, 4));
  source.add(segmentOf(5, 4));
  assertEquals([source.at(1)!.first, source.at(4)!.first, source.at(5)!.first], [1, 1, 5]);
  assertEquals(store.reads, 0);
});

Deno.test("EventSource reads from the store what is no longer in memory, once", () => {
  const store = new FakeStore();
  const source = new EventSource(store, LIMITS);
  for (let first = 1; first <= 31; first += 5) {
    store.segments.push(segmentOf(first, 5));
    source.add(store.segments.at(-1)!);
  }
  assertEquals(source.at(2)!.first, 1);
  assertEquals(source.at(5)!.first, 1);
  assertEquals(store.reads, 1);
  assertEquals(source.at(35)!.first, 31);
  assertEquals(store.reads, 1);
});

Deno.test("EventSource.leavesSoon() is true for the older half of what is in memory", () => {
  const source = new EventSource(new FakeStore(), LIMITS);
  for (let first = 1; first <= 8; first++) source.add(segmentOf(first, 1));
  const leaving = () => Array.from({ length: 14 }, (_, i) => i).filter((i) => source.leavesSoon(i));
  assertEquals(leaving(), [1, 2, 3]);
  for (let first = 9; first <= 12; first++) source.add(segmentOf(first, 1));
  assertEquals(leaving(), [3, 4, 5, 6, 7]);
  source.add(segmentOf(13, 40));
  assertEquals(source.leavesSoon(12), false);
  assertEquals(source.leavesSoon(13), true);
});

Deno.test("EventSource says when retention has dropped an event, and when there is none", () => {
  const store = new FakeStore();
  store.segments.push(segmentOf(8, 2));
  const source = new EventSource(store, LIMITS);
  assertEquals(source.at(3)!.first, 8);
  assertEquals(source.at(10), undefined);
});

Deno.test("EventSource keeps the newest segment, however long it is", () => {
  const source = new EventSource(new FakeStore(), LIMITS);
  source.add(segmentOf(1, 3));
  source.add(segmentOf(4, 50));
  assertEquals(source.at(4)!.last, 53);
  assertEquals(source.bytes, 50 * ENTRY_BYTES);
});

Deno.test("EventSource gives every event from any place, in bounded memory", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 60 });
  const places = fc.array(fc.nat(), { maxLength: 80 });
  fc.assert(fc.property(lengths, places, (counts, asked) => {
    const store = new FakeStore();
    const source = new EventSource(store, LIMITS);
    let newest = 0;
    for (const [i, count] of counts.entries()) {
      const segment = segmentOf(newest + 1, count);
      store.segments.push(segment);
      source.add(segment);
      newest = segment.last;
      const sequence = 1 + (asked[i] ?? 0) % newest;
      const found = source.at(sequence)!;
      assert(found.first <= sequence && sequence <= found.last);
      assertEquals(sequenceAt(found, sequence), sequence, "the bytes are those of the event");
      assert(source.bytes <= (14 + 14 * 8) * ENTRY_BYTES, `${source.bytes} bytes`);
    }
    for (const place of asked) {
      const sequence = 1 + place % newest;
      assert(source.at(sequence)!.last >= sequence);
    }
  }));
});

Deno.test("EventSource keeps a few of the segments that it has read, the last ones", () => {
  const store = new FakeStore();
  const source = new EventSource(store, LIMITS);
  for (let first = 1; first <= 20; first++) store.segments.push(segmentOf(first, 1));
  for (let sequence = 1; sequence <= 20; sequence++) source.at(sequence);
  assertEquals([source.bytes, store.reads], [8 * ENTRY_BYTES, 20]);
  for (let sequence = 13; sequence <= 20; sequence++) source.at(sequence);
  assertEquals(store.reads, 20);
  source.at(12);
  assertEquals(store.reads, 21);
});

Deno.test("EventSource.idOf() gives the event's id, and its sequence when that cannot be had", () => {
  const store = new FakeStore();
  const source = new EventSource(store, LIMITS);
  source.add(segmentOf(4, 2));
  assertEquals(source.idOf(5), "0000000000000001-140");
  assertEquals([source.idOf(6), source.idOf(1)], ["#6", "#1"]);
  store.readSegment = () => {
    throw new StoreError("Cannot read the store: on purpose");
  };
  assertEquals(source.idOf(7), "#7");
});

Deno.test("EventSource.forgetBefore() keeps nothing in memory that the store has dropped", () => {
  const store = new FakeStore();
  const source = new EventSource(store, LIMITS);
  store.segments.push(segmentOf(1, 2), segmentOf(3, 2));
  source.at(1);
  source.at(3);
  source.add(segmentOf(5, 2));
  source.add(segmentOf(7, 2));
  store.segments.length = 0;
  source.forgetBefore(4);
  assertEquals([source.at(1), source.at(4)?.first], [undefined, 3]);
  source.forgetBefore(7);
  assertEquals([source.at(5), source.at(7)?.first], [undefined, 7]);
});
