import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { AnswerReader, makeMarker } from "../protocol/answer_frames.ts";
import { FROM_PLUGIN } from "../protocol/frame_kinds.ts";
import { FRAME_LIMITS } from "../protocol/limits.ts";
import { failedSchema, logSchema, refusedSchema } from "../protocol/messages.ts";
import { writeError } from "./_write_error.ts";
import { AnswerWriter } from "./answer_writer.ts";
import { PluginLogger } from "./plugin_logger.ts";

const MARKER = makeMarker(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));

interface Bench {
  readonly writer: AnswerWriter;
  /** Each frame as the host reads it. */
  readonly frames: { kind: number; text: string }[];
  /** Bytes of each write. */
  readonly writes: number[];
}

/** @param atOnceMax How many bytes one write takes. */
function bench(atOnceMax = Infinity): Bench {
  const frames: Bench["frames"] = [];
  const writes: number[] = [];
  const fail = (what: string) => {
    throw new RangeError(what);
  };
  const reader = new AnswerReader(MARKER, {
    frame: (kind, payload) => frames.push({ kind, text: new TextDecoder().decode(payload) }),
    stray: fail,
    broken: fail,
  });
  const writer = new AnswerWriter(MARKER, (bytes) => {
    const written = Math.min(bytes.byteLength, atOnceMax);
    writes.push(written);
    reader.push(bytes.slice(0, written));
    return written;
  });
  return { writer, frames, writes };
}

Deno.test("AnswerWriter writes a frame in one piece, so that nothing gets between", () => {
  const { writer, frames, writes } = bench();
  writer.tryWriteMessage(FROM_PLUGIN.ready, { a: "ü" });
  writer.write(FROM_PLUGIN.stopped);
  assertEquals(frames, [
    { kind: FROM_PLUGIN.ready, text: '{"a":"ü"}' },
    { kind: FROM_PLUGIN.stopped, text: "" },
  ]);
  assertEquals(writes.length, 2);
});

Deno.test("AnswerWriter goes on when the pipe takes only a part", () => {
  const { writer, frames } = bench(5);
  writer.tryWriteMessage(FROM_PLUGIN.log, { text: "longer than five bytes" });
  assertEquals(frames, [{ kind: FROM_PLUGIN.log, text: '{"text":"longer than five bytes"}' }]);
});

Deno.test("AnswerWriter sends what fits exactly and nothing of what does not", () => {
  const room = FRAME_LIMITS.answerBytesMax - 13;
  const { writer, frames, writes } = bench();
  assertEquals(writer.tryWriteMessage(FROM_PLUGIN.log, "x".repeat(room - 2)), true);
  assertEquals(frames[0]!.text.length, room);
  assertEquals(writes, [FRAME_LIMITS.answerBytesMax]);
  assertEquals(writer.tryWriteMessage(FROM_PLUGIN.log, "x".repeat(room - 1)), false);
  assertEquals(writer.tryWriteMessage(FROM_PLUGIN.log, "ü".repeat(room / 2)), false);
  assertEquals(frames.length, 1);
});

/** Texts that take many bytes: each of these characters is three to six bytes of JSON. */
const heavyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.tuple(fc.constantFrom("ü", "漢", "\u0000", "\ud800", "😀", "x"), fc.nat(2000))
    .map(([character, count]) => character.repeat(count)),
);

Deno.test("writeError() always gets through, with what fits", () => {
  const error = fc.record({
    name: heavyText.map((text) => text.slice(0, 102)),
    message: heavyText.map((text) => text.slice(0, 1002)),
    stack: heavyText,
  });
  fc.assert(fc.property(error, (given) => {
    const { writer, frames } = bench();
    writeError(writer, FROM_PLUGIN.failed, { sequence: Number.MAX_SAFE_INTEGER }, given);
    writeError(writer, FROM_PLUGIN.refused, { stage: "onStart" }, given);
    const failed = failedSchema.parse(JSON.parse(frames[0]!.text));
    const refused = refusedSchema.parse(JSON.parse(frames[1]!.text));
    // Each has a room of its own: what stands beside the error is not as long in both.
    for (const { error } of [failed, refused]) {
      assert(error.message.startsWith(given.message.slice(0, 300)));
      assert(given.name.startsWith(error.name));
      assert(error.stack === undefined || error.stack === given.stack);
    }
  }));
});

Deno.test("PluginLogger always gets a line through, with what fits", () => {
  const fields = fc.oneof(
    fc.constant(undefined),
    fc.record({ a: heavyText }),
    fc.dictionary(fc.string(), fc.anything()),
  );
  const event = { sequence: Number.MAX_SAFE_INTEGER, eventId: "f".repeat(40) };
  fc.assert(fc.property(heavyText, fields, (message, given) => {
    const { writer, frames } = bench();
    new PluginLogger(writer, event).warn(message, given);
    assertEquals(frames.length, 1);
    const line = logSchema.parse(JSON.parse(frames[0]!.text));
    assertEquals([line.sequence, line.eventId, line.level], [
      event.sequence,
      event.eventId,
      "warn",
    ]);
    assert(line.message.startsWith(message.slice(0, 300)));
    assertEquals(line.fields === undefined, given === undefined);
  }));
});

Deno.test("PluginLogger says what was cut or left out", () => {
  const { writer, frames } = bench();
  const log = new PluginLogger(writer);
  log.info("x".repeat(901));
  log.info("short", { big: "x".repeat(5000) });
  const [long, without] = frames.map(({ text }) => JSON.parse(text));
  assert(long.message.endsWith("… (cut from 901 characters)"), long.message);
  assertEquals(without.message, "short");
  assertEquals(Object.keys(without.fields), ["onhook"]);
});

Deno.test("PluginLogger writes what JSON does not know and names what it cannot write", () => {
  const { writer, frames } = bench();
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  const hostile = {
    get here() {
      throw new RangeError("hostile");
    },
  };
  new PluginLogger(writer).debug("m", { big: 2n ** 70n, cycle, nothing: undefined, hostile });
  assertEquals(JSON.parse(frames[0]!.text).fields, {
    big: "1180591620717411303424",
    cycle: "(cannot be written as JSON)",
    hostile: "(cannot be written as JSON)",
  });
});
