/**
 * Every message of the protocol as bytes, held against `golden/<version>/`. A golden file never
 * changes: a message that has to look different gets a new `PROTOCOL_VERSION`, and with it a new
 * folder and a new line in `PINNED`. The old folder can then go, with its line.
 */
import { ALL_GRANTS } from "../events/field_grants.ts";
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type * as z from "zod";
import { makeMarker } from "./answer_frames.ts";
import { FROM_PLUGIN, TO_PLUGIN } from "./frame_kinds.ts";
import {
  type FailedMessage,
  failedSchema,
  type KeepMessage,
  keepSchema,
  type KeptMessage,
  type KnownMessage,
  type LogMessage,
  logSchema,
  type ReadyMessage,
  readySchema,
  type RefusedMessage,
  refusedSchema,
  type StartMessage,
} from "./messages.ts";
import { encodeControlFrame, encodeEventsFrame } from "./plugin_frames.ts";
import { PROTOCOL_VERSION } from "./protocol_version.ts";
import { decodeSettled, SettledCollector } from "./settled.ts";

/** SHA-256 of all golden files of a version, so that none of them is changed in passing. */
const PINNED: Readonly<Record<number, string>> = {
  2: "06638edab054a9fc35f42c6261292f0eec2d680a138993f804b38b8c491e5d26",
};

const encoder = new TextEncoder();
const MARKER = makeMarker(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));

const start: StartMessage = {
  protocol: PROTOCOL_VERSION,
  plugin: "audit-log",
  module: "file:///plugins/audit_log/mod.ts",
  config: { file: "./data/audit.jsonl" },
  timeoutMs: 5000,
  marker: MARKER.toHex(),
};
const ready: ReadyMessage = { protocol: PROTOCOL_VERSION, handlers: ["onStart", "onLinkHangup"] };
const error = {
  name: "TypeError",
  message: "no such port",
  stack: "TypeError: no such port\n  at x",
};
const failed: FailedMessage = { sequence: 2 ** 33, error };
const refused: RefusedMessage = { stage: "config", error: { name: "ZodError", message: "file" } };
const log: LogMessage = {
  level: "warn",
  message: "nearly full",
  fields: { freeBytes: 7, path: "ü" },
  sequence: 12,
  eventId: "00000000000000ff-1a0",
};

const keep: KeepMessage = { sequence: 12, key: "charge", outcome: { value: { receipt: "r-7" } } };
const kept: KeptMessage = { sequence: 12, key: "charge" };
const known: KnownMessage = {
  sequence: 12,
  outcomes: [["charge", { value: { receipt: "r-7" } }], ["mail", {}]],
};

function settledPayload(): Uint8Array {
  const collector = new SettledCollector();
  for (const durationMs of [0.01, 0.01, 3, 4500]) collector.add(durationMs);
  const into = new Uint8Array(4096);
  return into.subarray(0, collector.take(2 ** 33 + 5, into));
}

/** An answer as the runner frames it: marker, length, kind, payload. */
function answer(kind: number, payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(5);
  const view = new DataView(head.buffer);
  view.setUint32(0, payload.byteLength + 1, true);
  view.setUint8(4, kind);
  return Uint8Array.of(...MARKER, ...head, ...payload);
}

const json = (kind: number, message: unknown) =>
  answer(kind, encoder.encode(JSON.stringify(message)));

const MESSAGES: Readonly<Record<string, Uint8Array>> = {
  start: encodeControlFrame(TO_PLUGIN.start, start),
  events: encodeEventsFrame(3, 2, [
    Uint8Array.from({ length: 56 }, (_, i) => i),
    Uint8Array.from({ length: 64 }, (_, i) => 255 - i),
  ], ALL_GRANTS),
  stop: encodeControlFrame(TO_PLUGIN.stop),
  resume: encodeControlFrame(TO_PLUGIN.resume),
  known: encodeControlFrame(TO_PLUGIN.known, known),
  kept: encodeControlFrame(TO_PLUGIN.kept, kept),
  ready: json(FROM_PLUGIN.ready, ready),
  settled: answer(FROM_PLUGIN.settled, settledPayload()),
  failed: json(FROM_PLUGIN.failed, failed),
  log: json(FROM_PLUGIN.log, log),
  stopped: answer(FROM_PLUGIN.stopped, new Uint8Array()),
  refused: json(FROM_PLUGIN.refused, refused),
  keep: json(FROM_PLUGIN.keep, keep),
};

const SCHEMAS = [
  [readySchema, ready],
  [failedSchema, failed],
  [refusedSchema, refused],
  [logSchema, log],
  [keepSchema, keep],
] as const satisfies readonly (readonly [z.ZodType, unknown])[];

function goldenPath(name: string): string {
  return fromFileUrl(new URL(`./golden/${PROTOCOL_VERSION}/${name}.hex`, import.meta.url));
}

/** Lines of 32 bytes in hexadecimal, so that a difference can be seen. */
function hexLines(bytes: Uint8Array): string {
  return `${bytes.toHex().match(/.{1,64}/g)!.join("\n")}\n`;
}

for (const [name, bytes] of Object.entries(MESSAGES)) {
  Deno.test(`the message ${name} of this version is as its golden file has it`, () => {
    assertEquals(hexLines(bytes), Deno.readTextFileSync(goldenPath(name)));
  });
}

Deno.test("every kind of message has a golden file, and no golden file has changed", async () => {
  const kinds = [...Object.keys(TO_PLUGIN), ...Object.keys(FROM_PLUGIN)];
  assertEquals(Object.keys(MESSAGES).toSorted(), kinds.toSorted());
  const folder = fromFileUrl(new URL(`./golden/${PROTOCOL_VERSION}/`, import.meta.url));
  const files = [...Deno.readDirSync(folder)].map((file) => file.name).toSorted();
  assertEquals(files, kinds.map((kind) => `${kind}.hex`).toSorted());
  const all = files.map((file) => `${file}\n${Deno.readTextFileSync(folder + file)}`).join("");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(all)));
  assertEquals(digest.toHex(), PINNED[PROTOCOL_VERSION]);
});

Deno.test("every message from a plugin is accepted by its schema as it stands", () => {
  for (const [schema, message] of SCHEMAS) {
    assertEquals<unknown>(schema.parse(JSON.parse(JSON.stringify(message))), message);
  }
  assertEquals(decodeSettled(settledPayload())?.sequence, 2 ** 33 + 5);
});

Deno.test("a message from a plugin is refused with a field that nobody knows or a wrong one", () => {
  for (const [schema, message] of SCHEMAS) {
    assertEquals(schema.safeParse({ ...message, more: 1 }).success, false);
    for (const key of Object.keys(message)) {
      const { [key]: _, ...without } = message as Record<string, unknown>;
      const isOptional = ["fields", "sequence", "eventId"].includes(key) && schema === logSchema;
      assertEquals(schema.safeParse(without).success, isOptional, key);
      assertEquals(schema.safeParse({ ...message, [key]: null }).success, false, key);
    }
  }
  for (const sequence of [0, -1, 1.5, 2 ** 53, NaN]) {
    assertEquals(failedSchema.safeParse({ ...failed, sequence }).success, false, `${sequence}`);
  }
});
