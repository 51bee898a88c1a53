import { ALL_GRANTS } from "../events/field_grants.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { walkEntries } from "../events/walk_entries.ts";
import { DefectError } from "../internal/errors.ts";
import { decodeEventsBatch } from "../protocol/events_batch.ts";
import { frameLayout } from "../protocol/frame_layout.ts";
import type { Segment } from "../store/segment.ts";
import { fakeBatch } from "./_fake_plugins.ts";
import { EventSource } from "./event_source.ts";
import { FramePool } from "./frame_pool.ts";
import { makeFrame } from "./make_frame.ts";
import { takeIn } from "./take_in.ts";

const POOL = new FramePool();

const ENTRY_BYTES = 56;

/** A source that holds segments of the given lengths, from sequence 1 on. */
function sourceOf(counts: readonly number[]): { source: EventSource; newest: number } {
  const source = new EventSource({ readSegment: () => undefined }, {
    recentBytesMax: 1 << 30,
    readBytes: 1,
  });
  let newest = 0;
  for (const count of counts) {
    const taken = takeIn(fakeBatch(1n, newest * 64, count), newest + 1, () => undefined);
    source.add(taken.segment as Segment);
    newest += count;
  }
  return { source, newest };
}

/** The sequences in a frame, as the plugin's process walks over them. */
function sequencesOf(frame: Uint8Array): number[] {
  const { count, entries } = decodeEventsBatch(frame.slice(frameLayout.headBytes));
  const sequences = [...walkEntries(entries.slice())].map(({ sequence }) => sequence);
  assertEquals(sequences.length, count);
  return sequences;
}

Deno.test("makeFrame() takes what there is, over the borders of segments, up to the limits", () => {
  const limits = fc.record({
    frameEventsMax: fc.integer({ min: 1, max: 12 }),
    frameBytesMax: fc.oneof(
      fc.integer({ min: 1, max: 12 * ENTRY_BYTES }),
      fc.integer({ min: 1, max: 12 }).map((entries) => entries * ENTRY_BYTES),
    ),
  });
  const counts = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
  fc.assert(fc.property(counts, fc.nat(), fc.nat(), limits, (given, a, b, bounds) => {
    const { source, newest } = sourceOf(given);
    const from = 1 + a % newest;
    const to = from + b % (newest - from + 1);
    const frame = makeFrame(source, from, to, 3, bounds, POOL, ALL_GRANTS);
    const fitting = Math.max(1, Math.floor(bounds.frameBytesMax / ENTRY_BYTES));
    const last = Math.min(to, from + Math.min(bounds.frameEventsMax, fitting) - 1);
    assertEquals(frame.last, last);
    assertEquals(
      sequencesOf(frame.bytes),
      Array.from({ length: last - from + 1 }, (_, i) => from + i),
    );
    assertEquals(decodeEventsBatch(frame.bytes.slice(frameLayout.headBytes)).attempt, 3);
  }));
});

Deno.test("makeFrame() takes a single event that is longer than the limit", () => {
  const { source } = sourceOf([2, 2]);
  const frame = makeFrame(
    source,
    2,
    4,
    1,
    { frameEventsMax: 9, frameBytesMax: 1 },
    POOL,
    ALL_GRANTS,
  );
  assertEquals(sequencesOf(frame.bytes), [2]);
});

Deno.test("makeFrame() stops where events are missing, and wants the first one to be there", () => {
  const { source, newest } = sourceOf([3]);
  const limits = { frameEventsMax: 9, frameBytesMax: 4096 };
  assertEquals(makeFrame(source, 2, newest + 5, 1, limits, POOL, ALL_GRANTS).last, 3);
  assertThrows(
    () => makeFrame(source, 4, 9, 1, limits, POOL, ALL_GRANTS),
    DefectError,
    "event 4 is neither",
  );
});

Deno.test("makeFrame() copies, so that a frame that waits keeps no segment in memory", () => {
  const { source } = sourceOf([100]);
  const { bytes } = makeFrame(
    source,
    1,
    1,
    1,
    { frameEventsMax: 1, frameBytesMax: 4096 },
    POOL,
    ALL_GRANTS,
  );
  assert(bytes.buffer !== source.at(1)!.bytes.buffer);
});
