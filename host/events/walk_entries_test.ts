import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DefectError } from "../internal/errors.ts";
import { arbitraryEvent } from "./arbitrary_event.ts";
import { decodeEvent } from "./decode_event.ts";
import { encodeEvent } from "./encode_event.ts";
import { EntryError } from "./entry_error.ts";
import { EventType } from "./event_type.ts";
import { eventTypeName } from "./event_type_name.ts";
import { layout } from "./layout.ts";
import type { OnhookEvent } from "./schema.ts";
import { walkEntries } from "./walk_entries.ts";
import { writeSequence } from "./write_sequence.ts";

/** Entries one behind the other, each at a multiple of 8. */
function join(events: readonly OnhookEvent[]): Uint8Array {
  const entries = events.map(encodeEvent);
  const padded = entries.map((entry) => Math.ceil(entry.length / 8) * 8);
  const buffer = new Uint8Array(padded.reduce((sum, bytes) => sum + bytes, 0)).fill(0xee);
  let offset = 0;
  entries.forEach((entry, index) => {
    buffer.set(entry, offset);
    offset += padded[index]!;
  });
  return buffer;
}

Deno.test("walkEntries() gives every entry in order when the buffer holds entries", () => {
  fc.assert(fc.property(fc.array(arbitraryEvent, { maxLength: 8 }), (events) => {
    const buffer = join(events);
    const walked = [...walkEntries(buffer)];
    assertEquals(walked.map((entry) => eventTypeName(entry.type)), events.map((e) => e.type));
    assertEquals(walked.map((entry) => entry.sequence), events.map((e) => e.sequence));
    assertEquals(
      walked.map((entry, index) => decodeEvent(buffer, entry.offset, events[index]!.attempt)),
      events,
    );
  }));
});

Deno.test("walkEntries() gives an end when the padding behind the last entry is missing", () => {
  const event = fc.sample(arbitraryEvent.filter((e) => encodeEvent(e).length % 8 !== 0), 1)[0]!;
  assertEquals([...walkEntries(encodeEvent(event))].length, 1);
});

Deno.test("walkEntries() comes to an end with EntryError at most when bytes are random", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (buffer) => {
      try {
        for (const entry of walkEntries(buffer)) {
          assertEquals(entry.offset + entry.bytes <= buffer.length, true);
        }
      } catch (error) {
        assertEquals((error as Error).constructor, EntryError);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("walkEntries() reads the time when it is before 1970 or far away", () => {
  const event = fc.sample(arbitraryEvent, { numRuns: 1, seed: 1 })[0]!;
  for (
    const [time, micros] of [["1969-12-31T23:59:59.999999Z", -1], [
      "2026-11-22T10:00:00.123456Z",
      1_795_341_600_123_456,
    ]] as const
  ) {
    const [entry] = walkEntries(encodeEvent({ ...event, time }));
    assertEquals(entry?.timeMicroseconds, micros);
  }
});

Deno.test("writeSequence() writes what the decoder reads when the number is safe", () => {
  fc.assert(fc.property(arbitraryEvent, fc.maxSafeNat(), (event, number) => {
    const sequence = Math.max(number, 1);
    const bytes = encodeEvent(event);
    writeSequence(new DataView(bytes.buffer), 0, sequence);
    assertEquals(decodeEvent(bytes, 0, event.attempt), { ...event, sequence });
  }));
});

Deno.test("writeSequence() throws when the number is no sequence", () => {
  const view = new DataView(new ArrayBuffer(layout.entry.payload));
  for (const sequence of [0, -1, 1.5, 2 ** 53, Number.NaN]) {
    assertThrows(() => writeSequence(view, 0, sequence), DefectError, "sequence");
  }
});

Deno.test("eventTypeName() knows exactly the numbers of EventType when asked for all", () => {
  const known = Array.from({ length: 0x1_0000 }, (_, type) => eventTypeName(type))
    .flatMap((name) => name ?? []);
  assertEquals(known.map((name) => EventType[name]), Object.values(EventType));
  assertEquals(known.length, 9);
});
