import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { arbitraryEvent } from "../events/arbitrary_event.ts";
import { encodeEvent } from "../events/encode_event.ts";
import type { OnhookEvent } from "../events/schema.ts";
import { readSessionInput } from "./read_session_input.ts";
import type { ConnectionInput, LinkInput, SessionInput } from "./session_input.ts";
import type { HandleKey } from "./session_record.ts";

const always = () => true;

function read(event: OnhookEvent): SessionInput | undefined {
  const entry = encodeEvent(event);
  return readSessionInput(new DataView(entry.buffer), 0, entry.length, always);
}

const hex = (key: HandleKey | undefined) =>
  typeof key === "number" ? `0x${key.toString(16)}` : key ?? "0x0";

Deno.test("readSessionInput() reads of events what decodeEvent() gives", () => {
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      const input = read(event);
      if (event.type === "sessionEnd") return assertEquals(input, undefined);
      const isNobodys = event.type === "linkHangup" &&
        ["0x0", undefined].includes(event.port.connectionHandle);
      if (isNobodys) return assertEquals(input, undefined);
      assertEquals(input?.kind, event.type);
      if (event.type === "linkHangup" || event.type === "linkUp") {
        const { port } = event;
        const link = input as LinkInput;
        assertEquals(hex(link.handle), port.connectionHandle ?? "0x0");
        assertEquals(hex(link.port), port.handle ?? "0x0");
        assertEquals(
          [link.totalCalls, link.seconds, link.counters?.bytesReceived, link.mayHaveWrapped],
          [
            ...[port.totalCalls, port.connectDurationSeconds, port.bytesReceived],
            port.countersMayHaveWrapped,
          ],
        );
        if (event.type === "linkUp") assertEquals(link.name, port.name);
      } else if ("connection" in event) {
        const { connection } = event;
        const { handle, who, counters, seconds } = input as ConnectionInput;
        assertEquals(hex(handle), connection.handle ?? "0x0");
        assertEquals(
          [who.user, who.domain, who.computer, who.clientAddress],
          [
            ...[connection.user, connection.domain, connection.computer, connection.clientAddress],
          ].map((text) => text === "" ? undefined : text),
        );
        assertEquals(counters?.bytesReceived, connection.bytesReceived);
        assertEquals(seconds, connection.connectDurationSeconds);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("readSessionInput() throws nothing and reads nothing outside when entries are corrupt", () => {
  const places = fc.array(fc.tuple(fc.integer({ min: 34, max: 600 }), fc.nat(255)), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(arbitraryEvent, places, fc.nat(700), (event, changes, cut) => {
      const whole = encodeEvent(event);
      for (const [at, value] of changes) if (at < whole.length) whole[at] = value;
      const entry = whole.slice(0, Math.max(48, Math.min(cut, whole.length)));
      readSessionInput(new DataView(entry.buffer), 0, entry.length, always);
    }),
    { numRuns: 3000 },
  );
});
