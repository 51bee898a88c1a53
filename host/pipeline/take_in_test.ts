import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { EventType } from "../events/event_type.ts";
import { layout } from "../events/layout.ts";
import { walkEntries } from "../events/walk_entries.ts";
import type { Segment } from "../store/segment.ts";
import { takeIn, type TakenIn } from "./take_in.ts";

/** A record of the journal, or a gap; a gap's position is the total of lost events. */
interface Entry {
  readonly boot: bigint;
  readonly position: bigint;
  /** Lost events of a gap. */
  readonly lost?: bigint;
  /** Length without padding; odd ones are padded to a multiple of eight. */
  readonly bytes?: number;
}

function drained(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const pieces = entries.flatMap(({ boot, position, lost, bytes = 56 }) => {
    const length = lost === undefined ? bytes : layout.gap.bytes;
    const view = new DataView(new ArrayBuffer(length + (-length & 7)));
    view.setBigUint64(layout.entry.position, position, true);
    view.setBigUint64(layout.entry.boot, boot, true);
    view.setUint32(layout.entry.bytes, length, true);
    view.setUint16(layout.entry.type, lost === undefined ? 16 : EventType.gap, true);
    if (lost !== undefined) view.setBigUint64(layout.gap.lost, lost, true);
    return [...new Uint8Array(view.buffer)];
  });
  return Uint8Array.from(pieces);
}

interface Kept {
  readonly sequence: number;
  readonly boot: bigint;
  readonly position: bigint;
  readonly lost?: bigint;
}

/** What a segment holds, read by its offsets. */
function entriesOf(segment: Segment): Kept[] {
  const { bytes, offsets, first, last } = segment;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assertEquals(offsets.length, last - first + 2);
  assertEquals(offsets.at(-1), bytes.byteLength);
  const walked = [...walkEntries(bytes)];
  assertEquals(walked.map(({ offset }) => offset), [...offsets.subarray(0, -1)]);
  return walked.map(({ offset, type, sequence }) => ({
    sequence,
    boot: view.getBigUint64(offset + layout.entry.boot, true),
    position: view.getBigUint64(offset + layout.entry.position, true),
    ...(type === EventType.gap ? { lost: view.getBigUint64(offset + layout.gap.lost, true) } : {}),
  }));
}

/** What a host remembers between batches. */
class Memory {
  readonly positions = new Map<string, bigint>();
  readonly kept: Kept[] = [];

  take(entries: readonly Entry[]): TakenIn {
    const taken = takeIn(
      drained(entries),
      this.kept.length + 1,
      (boot) => this.positions.get(boot),
    );
    for (const [boot, position] of taken.positions) this.positions.set(boot, position);
    if (taken.segment !== undefined) this.kept.push(...entriesOf(taken.segment));
    return taken;
  }
}

Deno.test("takeIn() numbers events from the next sequence on", () => {
  const bytes = drained([
    { boot: 1n, position: 0n },
    { boot: 1n, position: 64n, bytes: 61 },
    { boot: 2n, position: 128n },
  ]);
  const { segment, positions } = takeIn(bytes, 2 ** 33, () => undefined);
  assertEquals([segment!.first, segment!.last], [2 ** 33, 2 ** 33 + 2]);
  assertEquals(
    entriesOf(segment!).map(({ sequence }) => sequence),
    [0, 1, 2].map((n) => 2 ** 33 + n),
  );
  assertEquals(
    [...positions],
    [["0000000000000001", 64n], ["0000000000000002", 128n]],
  );
});

Deno.test("takeIn() leaves out what a boot's position covers, wherever it stands", () => {
  const memory = new Memory();
  memory.take([{ boot: 1n, position: 0n }, { boot: 1n, position: 64n }]);
  const taken = memory.take([
    { boot: 1n, position: 64n, bytes: 61 },
    { boot: 2n, position: 0n, bytes: 59 },
    { boot: 1n, position: 64n },
    { boot: 1n, position: 128n, bytes: 57 },
    { boot: 2n, position: 0n },
  ]);
  assertEquals([taken.segment!.first, taken.segment!.last], [3, 4]);
  assertEquals(memory.kept.slice(2).map(({ boot, position }) => [boot, position]), [
    [2n, 0n],
    [1n, 128n],
  ]);
});

Deno.test("takeIn() has nothing to give when all is known", () => {
  const memory = new Memory();
  memory.take([{ boot: 1n, position: 64n }]);
  assertEquals(memory.take([{ boot: 1n, position: 0n }, { boot: 1n, position: 64n }]), {
    segment: undefined,
    positions: new Map(),
  });
  assertEquals(memory.take([]).segment, undefined);
});

Deno.test("takeIn() gives of a gap that is known in part only the rest", () => {
  const memory = new Memory();
  memory.take([{ boot: 7n, position: 10n, lost: 10n }]);
  memory.take([{ boot: 7n, position: 10n, lost: 10n }]);
  memory.take([{ boot: 7n, position: 25n, lost: 25n }]);
  assertEquals(memory.kept.map(({ lost }) => lost), [10n, 15n]);
});

Deno.test("takeIn() does not confuse a journal's losses with a service start of the same number", () => {
  const memory = new Memory();
  memory.take([
    { boot: 7n, position: 640n },
    { boot: 7n, position: 3n, lost: 3n },
    { boot: 7n, position: 704n },
  ]);
  assertEquals(memory.kept.length, 3);
  assertEquals([...memory.positions.keys()], ["0000000000000007", "gap-0000000000000007"]);
});

Deno.test("takeIn() keeps every event once and losses add up, however often it is drained", () => {
  // A journal as it grows; a reader that was interrupted drains from an earlier place again, and
  // then tells in one gap what it told in several before.
  const record = fc.record({
    boot: fc.bigInt(1n, 3n),
    isLoss: fc.boolean(),
    lost: fc.bigInt(1n, 9n),
    bytes: fc.integer({ min: 48, max: 72 }),
  });
  const drains = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 })), { maxLength: 25 });
  fc.assert(fc.property(fc.array(record, { maxLength: 40 }), drains, (records, all) => {
    const journal = records.map((one, i) => ({ ...one, position: BigInt(i * 80) }));
    const memory = new Memory();
    let reached = 0;
    for (const [back, count] of [...all, [0, 1000] as const]) {
      const from = Math.max(0, reached - back);
      const part = journal.slice(from, from + count);
      memory.take(drainOf(journal, from, part.length));
      reached = Math.max(reached, from + part.length);
    }
    const events = journal.filter(({ isLoss }) => !isLoss);
    const kept = memory.kept.filter(({ lost }) => lost === undefined);
    assertEquals(
      kept.map(({ boot, position }) => [boot, position]),
      events.map(({ boot, position }) => [boot, position]),
    );
    assertEquals(memory.kept.map(({ sequence }) => sequence), memory.kept.map((_, i) => i + 1));
    const lost = journal.reduce((sum, one) => sum + (one.isLoss ? one.lost : 0n), 0n);
    const told = memory.kept.reduce((sum, one) => sum + (one.lost ?? 0n), 0n);
    assertEquals(told, lost);
    assert(memory.kept.every((one) => one.lost === undefined || one.lost > 0n));
  }));
});

/** What the reader gives of a part of a journal: all its losses as one gap, where the last was. */
function drainOf(
  journal: readonly (Entry & { isLoss: boolean; lost: bigint })[],
  from: number,
  count: number,
): Entry[] {
  const entries: Entry[] = [];
  // Losses before the part were told of and acknowledged, in this test, up to its first event.
  const total = (until: number) =>
    journal.slice(0, until).reduce((sum, one) => sum + (one.isLoss ? one.lost : 0n), 0n);
  for (let i = from; i < from + count; i++) {
    const { boot, position, bytes, isLoss } = journal[i]!;
    if (!isLoss) entries.push({ boot, position, bytes: bytes! });
  }
  const lost = total(from + count) - total(from);
  if (lost > 0n) entries.push({ boot: 99n, position: total(from + count), lost });
  return entries;
}
