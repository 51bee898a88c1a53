import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import fc from "fast-check";
import { arbitraryEvent } from "./arbitrary_event.ts";
import { decodeEvent } from "./decode_event.ts";
import { encodeEvent } from "./encode_event.ts";
import { EntryError } from "./entry_error.ts";
import { EventType } from "./event_type.ts";
import { layout } from "./layout.ts";
import {
  type ConnectionUpEvent,
  eventSchema,
  type LinkHangupEvent,
  type OnhookEvent,
} from "./schema.ts";

const hangup: LinkHangupEvent = {
  type: "linkHangup",
  id: "00000000deadbeef-1f40",
  sequence: 42,
  time: "2026-11-22T10:00:00.123456Z",
  attempt: 1,
  port: {
    handle: "0x10",
    connectionHandle: "0xffffffff00000001",
    name: "VPN2-127",
    mediaName: "rastapi",
    deviceName: "WAN Miniport (IKEv2)",
    deviceType: "vpn",
    condition: "disconnected",
    totalCalls: 17,
    connectDurationSeconds: 3600,
    hardwareCondition: "operational",
    lineSpeedBitsPerSecond: 100_000_000,
    bytesTransmitted: 0xffff_ffff,
    bytesReceived: 98_765_432,
    framesTransmitted: 123_456,
    framesReceived: 100_000,
    countersMayHaveWrapped: true,
    errors: { crc: 1, timeout: 2, alignment: 3, hardwareOverrun: 4, framing: 5, bufferOverrun: 6 },
    compressionRatioIn: 100,
    compressionRatioOut: 97,
  },
};

/** A copy of the entry of `event` in which `change` has changed something. */
function changed(event: OnhookEvent, change: (view: DataView) => void): Uint8Array {
  const bytes = encodeEvent(event);
  change(new DataView(bytes.buffer));
  return bytes;
}

Deno.test("decodeEvent() gives every field of a hangup when both halves are there", () => {
  assertEquals(decodeEvent(encodeEvent(hangup), 0, 1), hangup);
});

Deno.test("decodeEvent() is the inverse of encodeEvent() when the event is valid", () => {
  fc.assert(fc.property(arbitraryEvent, (event) => {
    assertEquals(decodeEvent(encodeEvent(event), 0, event.attempt), event);
  }));
});

Deno.test("decodeEvent() gives what the schema accepts unchanged when the event is valid", () => {
  fc.assert(fc.property(arbitraryEvent, (event) => {
    const decoded = decodeEvent(encodeEvent(event), 0, event.attempt);
    assertEquals(eventSchema.parse(decoded) as unknown, decoded);
    assertEquals(JSON.parse(JSON.stringify(decoded)), decoded);
  }));
});

Deno.test("decodeEvent() throws nothing but EntryError when the bytes are random", () => {
  const types = fc.constantFrom(...Object.values(EventType), 0, 6, 0xffff);
  const entries = fc.tuple(fc.uint8Array({ maxLength: 600 }), types, fc.boolean(), fc.nat(600));
  fc.assert(
    fc.property(entries, ([bytes, type, plausible, length]) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (plausible && bytes.length >= layout.entry.payload) {
        view.setUint16(layout.entry.type, type, true);
        view.setUint16(layout.entry.payloadVersion, 1, true);
        view.setUint32(layout.entry.bytes, Math.min(length, bytes.length), true);
        view.setUint32(layout.entry.sequence + 4, 0, true);
        view.setUint32(layout.entry.time + 4, 0x5_0000, true);
      }
      expectEventOrEntryError(view, 0);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeEvent() throws nothing but EntryError when a valid entry is corrupted", () => {
  const places = fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(arbitraryEvent, places, (event, changes) => {
      const bytes = encodeEvent(event);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      expectEventOrEntryError(new DataView(bytes.buffer), 0);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeEvent() throws nothing but EntryError when the bytes are of the fuzzers' corpus", () => {
  const corpus = new URL("../native/test/fuzz/corpus/entry.hex", import.meta.url);
  const lines = Deno.readTextFileSync(corpus).split("\n").filter((line) => line !== "");
  assert(lines.length > 30, `only ${lines.length} inputs`);
  for (const line of lines) {
    // What is in front of an entry says what the fuzzer does with it.
    const bytes = Uint8Array.fromHex(line).slice(1);
    const view = new DataView(bytes.buffer);
    expectEventOrEntryError(view, 0);
    if (bytes.length < layout.entry.payload) continue;
    view.setUint32(layout.entry.bytes, bytes.length, true);
    view.setUint32(layout.entry.sequence + 4, 0, true);
    view.setUint16(layout.entry.payloadVersion, layout.payloadVersion, true);
    for (const type of Object.values(EventType)) {
      view.setUint16(layout.entry.type, type, true);
      expectEventOrEntryError(view, 0);
    }
  }
});

function expectEventOrEntryError(view: DataView, offset: number): void {
  let event: OnhookEvent | undefined;
  try {
    event = decodeEvent(view, offset, 1);
  } catch (error) {
    assert(error instanceof EntryError, `threw ${error}`);
    return;
  }
  if (event !== undefined) assertEquals(eventSchema.parse(event) as unknown, event);
}

Deno.test("decodeEvent() reads at an offset when other entries are around", () => {
  const bytes = encodeEvent(hangup);
  const buffer = new Uint8Array(1024).fill(0xff);
  buffer.set(bytes, 512);
  assertEquals(decodeEvent(buffer, 512, 3), { ...hangup, attempt: 3 });
  assertEquals(decodeEvent(buffer.subarray(256), 256, 3), { ...hangup, attempt: 3 });
});

Deno.test("decodeEvent() throws when the place of the entry is impossible", () => {
  const bytes = encodeEvent(hangup);
  for (const offset of [-8, 4, 0.5, Number.NaN, bytes.length, 1 << 30]) {
    assertThrows(() => decodeEvent(bytes, offset, 1), EntryError, "Cannot read the event entry");
  }
});

Deno.test("decodeEvent() throws when a length does not fit the entry", () => {
  const at = layout.linkHangup;
  const bad: [string, (view: DataView) => void][] = [
    ["its length is 47", (v) => v.setUint32(layout.entry.bytes, 47, true)],
    ["its length is 9999", (v) => v.setUint32(layout.entry.bytes, 9999, true)],
    ["at least 168 are wanted", (v) => v.setUint32(layout.entry.bytes, 167, true)],
    ["its texts want", (v) => v.setUint16(at.deviceNameUnits, 129, true)],
    ["18 units, at most 17", (v) => v.setUint16(at.portNameUnits, 18, true)],
    ["130 units, at most 129", (v) => v.setUint16(at.deviceNameUnits, 130, true)],
    ["halves 4", (v) => v.setUint16(at.present, 4, true)],
    ["2^53 - 1", (v) => v.setBigUint64(layout.entry.sequence, 1n << 53n, true)],
    ["the years 0 to 9999", (v) => v.setBigInt64(layout.entry.time, 1n << 62n, true)],
  ];
  for (const [message, change] of bad) {
    const bytes = changed(hangup, change);
    assertThrows(() => decodeEvent(bytes, 0, 1), EntryError, message);
  }
});

Deno.test("decodeEvent() throws when a length does not fit the entry of a connection", () => {
  const at = layout.connection;
  const connection: ConnectionUpEvent["connection"] = {
    handle: "0x1",
    interfaceHandle: "0x2",
    user: "alice",
    domain: "CORP",
    account: { name: "alice", domain: "CORP", qualified: "CORP\\alice" },
    computer: "",
    interfaceName: "",
    interfaceType: "client",
    flags: [],
    connectDurationSeconds: 0,
  };
  const { id, sequence, time } = hangup;
  const up: OnhookEvent = { type: "connectionUp", id, sequence, time, attempt: 1, connection };
  const again: OnhookEvent = { ...up, type: "reauthentication" };
  assertEquals(decodeEvent(encodeEvent(up), 0, 1), up);
  assertEquals(decodeEvent(encodeEvent(again), 0, 1), again);
  const bad: [string, OnhookEvent, (view: DataView) => void][] = [
    ["at least 288 are wanted", up, (v) => v.setUint32(layout.entry.bytes, 287, true)],
    ["at least 464 are wanted", again, (v) => v.setUint32(layout.entry.bytes, 463, true)],
    ["its texts want", up, (v) => v.setUint16(at.clientAddress3Units, 16, true)],
    ["258 units, at most 257", up, (v) => v.setUint16(at.user0Units, 258, true)],
    ["17 units, at most 16", up, (v) => v.setUint16(at.clientAddress3Units, 17, true)],
    ["18 units, at most 17", up, (v) => v.setUint16(at.remoteComputerUnits, 18, true)],
    ["structures 8 are there, 0 to 7", up, (v) => v.setUint16(at.present, 8, true)],
    ["structures 16 are there, 0 to 15", again, (v) => v.setUint16(at.present, 16, true)],
  ];
  for (const [message, event, change] of bad) {
    assertThrows(() => decodeEvent(changed(event, change), 0, 1), EntryError, message);
  }
});

Deno.test("decodeEvent() leaves out what a text of an absent structure would say", () => {
  const { id, sequence, time } = hangup;
  const event: OnhookEvent = {
    type: "connectionHangup",
    id,
    sequence,
    time,
    attempt: 1,
    connection: {},
  };
  const bytes = new Uint8Array(296);
  bytes.set(encodeEvent(event));
  const view = new DataView(bytes.buffer);
  view.setUint32(layout.entry.bytes, 296, true);
  view.setUint16(layout.connection.user0Units, 4, true);
  assertEquals(decodeEvent(bytes, 0, 1), event);
});

Deno.test("decodeEvent() gives undefined when it does not know the type or version", () => {
  for (const type of [0, 6, 15, 18, 34, 0xffff]) {
    const bytes = changed(hangup, (v) => v.setUint16(layout.entry.type, type, true));
    assertEquals(decodeEvent(bytes, 0, 1), undefined);
  }
  const newer = changed(hangup, (v) => v.setUint16(layout.entry.payloadVersion, 2, true));
  assertEquals(decodeEvent(newer, 0, 1), undefined);
});

Deno.test("decodeEvent() replaces unpaired surrogates when a text has them", () => {
  const at = layout.linkHangup.text;
  const event = { ...hangup, port: { ...hangup.port, name: "a?c?\u{1F600}" } };
  const decode = () => {
    const bytes = changed(event, (v) => {
      v.setUint16(at + 2, 0xd83d, true);
      v.setUint16(at + 6, 0xde00, true);
    });
    const decoded = decodeEvent(bytes, 0, 1);
    return decoded?.type === "linkHangup" ? decoded.port.name : undefined;
  };
  // Twice, because texts are kept.
  assertEquals([decode(), decode()], Array(2).fill("a\ufffdc\ufffd\u{1F600}"));
});

Deno.test("decodeEvent() keeps numbers that it does not know when states are new", () => {
  const bytes = changed(hangup, (v) => {
    v.setUint32(layout.linkHangup.condition, 7, true);
    v.setUint32(layout.linkHangup.hardwareCondition, 0xffff_ffff, true);
  });
  const decoded = decodeEvent(bytes, 0, 1);
  assert(decoded?.type === "linkHangup");
  assertEquals(decoded.port.condition, "unknown(7)");
  assertEquals(decoded.port.hardwareCondition, "unknown(4294967295)");
});

Deno.test("decodeEvent() leaves the fields of a half out when RAS did not give it", () => {
  const portOf = (present: number) => {
    const decoded = decodeEvent(
      changed(hangup, (v) => {
        v.setUint16(layout.linkHangup.present, present, true);
        v.setBigUint64(layout.linkHangup.port1Handle, 0x99n, true);
      }),
      0,
      1,
    );
    assert(decoded?.type === "linkHangup");
    return decoded.port;
  };
  assertEquals(Object.keys(portOf(0)), []);
  assertEquals(portOf(1).handle, "0x10");
  assertFalse("errors" in portOf(1) || "countersMayHaveWrapped" in portOf(1));
  assertEquals(portOf(2).handle, "0x99");
  assertFalse("name" in portOf(2) || "countersMayHaveWrapped" in portOf(2));
  assertEquals(portOf(3).handle, "0x10");
});

Deno.test("decodeEvent() marks counters when the line could have carried 2^32 bytes", () => {
  const mark = (seconds: number, speed: number) => {
    const bytes = changed(hangup, (v) => {
      v.setUint32(layout.linkHangup.connectDuration, seconds, true);
      v.setUint32(layout.linkHangup.lineSpeed, speed, true);
    });
    const decoded = decodeEvent(bytes, 0, 1);
    return decoded?.type === "linkHangup" ? decoded.port.countersMayHaveWrapped : undefined;
  };
  assertEquals(mark(8, 0xffff_ffff), false);
  assertEquals(mark(16, 2 ** 31), true);
  assertEquals(mark(0xffff_ffff, 0xffff_ffff), true);
  assertEquals(mark(0, 0xffff_ffff), false);
});

Deno.test("decodeEvent() gives every microsecond when times lie around a second", () => {
  const times = [
    "1969-12-31T23:59:59.999999Z",
    "1970-01-01T00:00:00.000000Z",
    "0000-01-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999Z",
    "2255-06-05T23:47:34.740991Z",
    "2255-06-05T23:47:34.740992Z",
    "2026-02-28T23:59:59.000999Z",
    "2026-03-01T00:00:00.001000Z",
  ];
  for (const time of times) {
    assertEquals(decodeEvent(encodeEvent({ ...hangup, time }), 0, 1)?.time, time);
  }
});
