import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { FRAME_LIMITS } from "../protocol/limits.ts";
import { frameLayout } from "../protocol/frame_layout.ts";
import { encodeControlFrame } from "../protocol/plugin_frames.ts";
import { type FrameInput, FrameReader, type HostFrame } from "./frame_reader.ts";

/** Gives bytes in reads of the given lengths, then in reads as long as there is room. */
function input(bytes: Uint8Array, lengths: readonly number[] = []): FrameInput {
  let offset = 0;
  let read = 0;
  return {
    read(into) {
      if (offset === bytes.byteLength) return Promise.resolve(null);
      const wanted = lengths[read++] ?? into.byteLength;
      const part = bytes.subarray(offset, offset + Math.min(wanted, into.byteLength));
      into.set(part);
      offset += part.byteLength;
      return Promise.resolve(part.byteLength);
    },
  };
}

async function all(from: FrameInput): Promise<HostFrame[]> {
  const reader = new FrameReader(from);
  const frames: HostFrame[] = [];
  for (let frame = await reader.next(); frame !== undefined; frame = await reader.next()) {
    frames.push(frame);
  }
  return frames;
}

function frame(kind: number, payloadBytes: number): Uint8Array {
  const bytes = new Uint8Array(frameLayout.headBytes + payloadBytes).fill(kind);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payloadBytes + 1, true);
  view.setUint8(4, kind);
  return bytes;
}

Deno.test("FrameReader.next() gives the frames in order, however they are cut", async () => {
  const frames = fc.array(fc.tuple(fc.nat(255), fc.nat(300)), { maxLength: 8 });
  const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(frames, lengths, async (wanted, cuts) => {
      const bytes = wanted.flatMap(([kind, length]) => [...frame(kind, length)]);
      const read = await all(input(Uint8Array.from(bytes), cuts));
      assertEquals(read.map(({ kind, payload }) => [kind, payload.byteLength]), wanted);
      assertEquals(read.every(({ kind, payload }) => payload.every((byte) => byte === kind)), true);
    }),
  );
});

Deno.test("FrameReader.next() takes the longest frame, and others before and behind it", async () => {
  const longest = FRAME_LIMITS.frameBytesMax - 1;
  const bytes = new Uint8Array([...frame(1, 3), ...frame(2, longest), ...frame(3, longest)]);
  const read = await all(input(bytes));
  assertEquals(read.map(({ kind, payload }) => [kind, payload.byteLength]), [
    [1, 3],
    [2, longest],
    [3, longest],
  ]);
});

Deno.test("FrameReader.next() keeps each payload its own, whatever is read after it", async () => {
  const read = await all(input(new Uint8Array([...frame(5, 8), ...frame(6, 8)]), [13, 13]));
  assertEquals([...read[0]!.payload], new Array(8).fill(5));
});

Deno.test("FrameReader.next() ends with the input, in the middle of a frame too", async () => {
  assertEquals((await all(input(encodeControlFrame(3).slice(0, 4)))).length, 0);
  assertEquals((await all(input(frame(1, 10).slice(0, 12)))).length, 0);
});

Deno.test("FrameReader.next() refuses a frame that is empty or too long", async () => {
  for (const length of [0, FRAME_LIMITS.frameBytesMax + 1, 0xffff_ffff]) {
    const bytes = frame(1, 4);
    new DataView(bytes.buffer).setUint32(0, length, true);
    await assertRejects(() => all(input(bytes)), RangeError, `a frame of ${length} bytes`);
  }
});
