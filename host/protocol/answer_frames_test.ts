import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { AnswerReader, makeMarker } from "./answer_frames.ts";
import { frameLayout } from "./frame_layout.ts";
import { FRAME_LIMITS } from "./limits.ts";

const MARKER = makeMarker(Uint8Array.of(1, 0xa1, 0xb2, 0xff, 0xa1, 0xe5, 0xf6, 0x07));
const LENGTH_MAX = FRAME_LIMITS.answerBytesMax - frameLayout.answerHeadBytes + 1;

type Heard =
  | { frame: number; payload: string }
  | { stray: string }
  | { broken: string };

/** What a reader says of chunks. */
function hear(chunks: readonly Uint8Array[]): Heard[] {
  const heard: Heard[] = [];
  const reader = new AnswerReader(MARKER, {
    frame: (kind, payload) => heard.push({ frame: kind, payload: payload.toHex() }),
    stray: (line) => heard.push({ stray: line }),
    broken: (what) => heard.push({ broken: what }),
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return heard;
}

function frame(kind: number, payload: Uint8Array, length = payload.byteLength + 1): Uint8Array {
  const bytes = new Uint8Array(frameLayout.answerHeadBytes + payload.byteLength);
  bytes.set(MARKER);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, length, true);
  view.setUint8(12, kind);
  bytes.set(payload, frameLayout.answerHeadBytes);
  return bytes;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Cuts bytes into chunks at any places. */
function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => place % (bytes.byteLength + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.byteLength].map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
}

/** The lines of one stretch of stray bytes, the slow and plain way. */
function linesOf(stretch: Uint8Array): Heard[] {
  const lines: number[][] = [[]];
  for (const byte of stretch) {
    if (byte === 0x0a) lines.push([]);
    else if (lines.at(-1)!.push(byte) === FRAME_LIMITS.strayLineBytesMax) lines.push([]);
  }
  return lines.map((line) => new TextDecoder().decode(Uint8Array.from(line)).replace(/\r$/, ""))
    .filter((line) => line !== "").map((line) => ({ stray: line }));
}

type Part = { kind: number; payload: Uint8Array } | Uint8Array;

/** What has to be heard of frames and stray bytes. */
function expected(parts: readonly Part[]): Heard[] {
  const heard: Heard[] = [];
  let stretch: Uint8Array[] = [];
  for (const part of parts) {
    if (part instanceof Uint8Array) stretch.push(part);
    else {
      heard.push(...linesOf(join(stretch)), { frame: part.kind, payload: part.payload.toHex() });
      stretch = [];
    }
  }
  return [...heard, ...linesOf(join(stretch))];
}

/** Stray bytes that happen to be the marker are a frame's beginning. */
function makesMarker(parts: readonly Part[]): boolean {
  const stray = parts.map((part) => part instanceof Uint8Array ? part.toHex() : "|").join("");
  return stray.includes(MARKER.toHex());
}

const partArbitrary: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.nat(255), payload: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    kind: fc.nat(255),
    payload: fc.constantFrom(LENGTH_MAX - 1, LENGTH_MAX - 2).map((n) => new Uint8Array(n).fill(7)),
  }),
  fc.uint8Array({ maxLength: 30 }),
  // Starts of a marker that come to nothing, and lines of about the longest length.
  fc.integer({ min: 1, max: 7 }).map((bytes) => MARKER.slice(0, bytes)),
  fc.string({ maxLength: 20 }).map((text) => new TextEncoder().encode(`${text}\r\n`)),
  fc.integer({ min: -2, max: 2 }).map((more) =>
    new Uint8Array(FRAME_LIMITS.strayLineBytesMax + more).fill(0x61)
  ),
);

Deno.test("AnswerReader gives the frames and the stray lines in order, however they are cut", () => {
  fc.assert(
    fc.property(
      fc.array(partArbitrary, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (parts, places) => {
        fc.pre(!makesMarker(parts));
        const bytes = join(
          parts.map((part) => part instanceof Uint8Array ? part : frame(part.kind, part.payload)),
        );
        assertEquals(hear(cutAt(bytes, places)), expected(parts));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("AnswerReader gives the same when every byte comes alone", () => {
  const parts: Part[] = [
    new TextEncoder().encode("before"),
    { kind: 2, payload: Uint8Array.of(1, 2, 3) },
    MARKER.slice(0, 4),
    { kind: 3, payload: new Uint8Array() },
    Uint8Array.of(0xff, 0xff, 0x0a, 0x62),
  ];
  const bytes = join(
    parts.map((part) => part instanceof Uint8Array ? part : frame(part.kind, part.payload)),
  );
  assertEquals(hear([...bytes].map((byte) => Uint8Array.of(byte))), expected(parts));
});

Deno.test("AnswerReader calls a frame broken that is empty or too long, and takes no more", () => {
  const good = frame(2, Uint8Array.of(1));
  for (const length of [0, LENGTH_MAX + 1, FRAME_LIMITS.answerBytesMax, 0xffff_ffff]) {
    const bytes = join([good, frame(2, Uint8Array.of(1), length), good]);
    const heard = hear([bytes, good, new TextEncoder().encode("more\n")]);
    const what = `a frame of ${length} bytes, 1 to ${LENGTH_MAX} allowed (messageBytesMax 4096); ` +
      "set messageBytesMax in its registry entry if it needs more";
    assertEquals(heard, [{ frame: 2, payload: "01" }, { broken: what }]);
  }
});

Deno.test("AnswerReader takes longer frames when it is told to", () => {
  const heard: unknown[] = [];
  const note = (what: string) => heard.push(what);
  const sink = { frame: (_: number, { length }: Uint8Array) => heard.push(length) };
  const reader = new AnswerReader(MARKER, { ...sink, stray: note, broken: note }, 8192);
  reader.push(frame(9, new Uint8Array(8192 - 13)));
  assertEquals(heard, [8192 - 13]);
});

Deno.test("AnswerReader takes the longest frame that is allowed", () => {
  const heard = hear([frame(9, new Uint8Array(LENGTH_MAX - 1))]);
  assertEquals(heard, [{ frame: 9, payload: "00".repeat(LENGTH_MAX - 1) }]);
});

Deno.test("AnswerReader gives a frame that is cut off at the end as stray text", () => {
  const heard = hear([frame(2, new TextEncoder().encode("cut off here")).slice(0, -5)]);
  assertEquals(heard.length, 1);
  assertEquals("stray" in heard[0]! && heard[0].stray.endsWith("cut off"), true);
});

Deno.test("AnswerReader never throws, whatever the bytes are", () => {
  const bytes = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.constant(MARKER),
      fc.nat(5000).map((n) => Uint8Array.of(...MARKER, n & 255, n >> 8, 0, 0)),
    ),
    { maxLength: 20 },
  );
  fc.assert(fc.property(bytes, (chunks) => {
    hear(chunks);
  }));
});

Deno.test("makeMarker() begins with a byte that UTF-8 never holds and keeps the others", () => {
  const marker = makeMarker(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
  assertEquals([...marker], [0xff, 2, 3, 4, 5, 6, 7, 8]);
});
