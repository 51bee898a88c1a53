import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { frameLayout } from "./frame_layout.ts";
import { durationBin } from "./duration_bins.ts";
import { FRAME_LIMITS } from "./limits.ts";
import { decodeSettled, SettledCollector } from "./settled.ts";

const ROOM = FRAME_LIMITS.answerBytesMax - frameLayout.answerHeadBytes;

function take(collector: SettledCollector, sequence: number): Uint8Array {
  const into = new Uint8Array(ROOM);
  return into.subarray(0, collector.take(sequence, into));
}

Deno.test("decodeSettled() reads back what SettledCollector wrote", () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 300 }),
      (sequence, durations) => {
        const collector = new SettledCollector();
        for (const duration of durations) collector.add(duration);
        const settled = decodeSettled(take(collector, sequence))!;
        assertEquals(settled.sequence, sequence);
        assertEquals(settled.count, durations.length);
        const longest = Math.min(Math.round(Math.max(0, ...durations) * 1000), 0xffff_ffff);
        assertEquals(settled.longestUs, longest);
        const bins = new Map<number, number>();
        for (let i = 0; i < settled.bins.length; i += 2) {
          bins.set(settled.bins[i]!, settled.bins[i + 1]!);
        }
        const wanted = new Map<number, number>();
        for (const duration of durations) {
          const bin = durationBin(duration);
          wanted.set(bin, (wanted.get(bin) ?? 0) + 1);
        }
        assertEquals(bins, wanted);
      },
    ),
  );
});

Deno.test("SettledCollector starts anew after each message", () => {
  const collector = new SettledCollector();
  collector.add(5);
  collector.add(1);
  assertEquals(collector.count, 2);
  take(collector, 2);
  assertEquals(collector.count, 0);
  assertEquals(decodeSettled(take(collector, 2)), {
    sequence: 2,
    count: 0,
    longestUs: 0,
    bins: [],
  });
});

Deno.test("SettledCollector fits into a frame with every bin in use", () => {
  const collector = new SettledCollector();
  for (let bin = 0; bin < 128; bin++) collector.add(2 ** (bin / 4) / 1000);
  const bytes = take(collector, 1);
  assert(bytes.byteLength <= 656, `${bytes.byteLength} bytes`);
  assert(bytes.byteLength <= ROOM);
});

Deno.test("decodeSettled() refuses what is no such message", () => {
  const collector = new SettledCollector();
  collector.add(1);
  const good = take(collector, 7);
  assertEquals(decodeSettled(good)?.sequence, 7);
  assertEquals(decodeSettled(good.slice(0, -1)), undefined, "half a bin");
  assertEquals(decodeSettled(good.slice(0, 15)), undefined, "too short");
  assertEquals(decodeSettled(new Uint8Array(16 + 129 * 5)), undefined, "too many bins");
  const wrongBin = good.slice();
  wrongBin[16] = 128;
  assertEquals(decodeSettled(wrongBin), undefined, "a bin that there is not");
  const unsafe = good.slice();
  unsafe[6] = 0x20;
  assertEquals(decodeSettled(unsafe), undefined, "a sequence of 2 ** 53");
});

Deno.test("decodeSettled() never throws, wherever the bytes lie in their buffer", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(20), (bytes, offset) => {
    const settled = decodeSettled(bytes.subarray(Math.min(offset, bytes.byteLength)));
    if (settled === undefined) return;
    assert(Number.isSafeInteger(settled.sequence) && settled.sequence >= 0);
    assert(settled.bins.every((value, i) => i % 2 === 1 || value < 128));
  }));
});
