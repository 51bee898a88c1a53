import { ALL_GRANTS } from "../events/field_grants.ts";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TO_PLUGIN } from "./frame_kinds.ts";
import { decodeEventsBatch } from "./events_batch.ts";
import { frameLayout } from "./frame_layout.ts";
import { encodeControlFrame, encodeEventsFrame } from "./plugin_frames.ts";

function headOf(frame: Uint8Array): { length: number; kind: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return { length: view.getUint32(0, true), kind: view.getUint8(4) };
}

Deno.test("encodeControlFrame() writes length, kind and JSON", () => {
  const frame = encodeControlFrame(TO_PLUGIN.start, { text: "ü" });
  const payload = new TextDecoder().decode(frame.subarray(frameLayout.headBytes));
  assertEquals(headOf(frame), { length: frame.byteLength - 4, kind: 1 });
  assertEquals(payload, '{"text":"ü"}');
});

Deno.test("encodeControlFrame() has no payload without a message", () => {
  assertEquals([...encodeControlFrame(TO_PLUGIN.stop)], [1, 0, 0, 0, 3]);
});

Deno.test("decodeEventsBatch() reads back what encodeEventsFrame() wrote", () => {
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 });
  fc.assert(fc.property(uint32, uint32, pieces, (attempt, count, given) => {
    // Pieces are views of larger buffers, as slices of segments are.
    const views = given.map((piece) => Uint8Array.of(9, 9, ...piece, 9).subarray(2, -1));
    const frame = encodeEventsFrame(attempt, count, views, ALL_GRANTS);
    assertEquals(headOf(frame), { length: frame.byteLength - 4, kind: TO_PLUGIN.events });
    const moved = Uint8Array.of(7, ...frame).subarray(1 + frameLayout.headBytes);
    const batch = decodeEventsBatch(moved);
    assertEquals([batch.attempt, batch.count], [attempt, count]);
    assertEquals([...batch.entries], given.flatMap((piece) => [...piece]));
  }));
});
