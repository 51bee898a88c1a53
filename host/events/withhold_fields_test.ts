import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { arbitraryEvent } from "./arbitrary_event.ts";
import { decodeEvent } from "./decode_event.ts";
import { encodeEvent } from "./encode_event.ts";
import {
  ALL_GRANTS,
  defaultFields,
  type GrantableField,
  grantableFields,
  grantMask,
} from "./field_grants.ts";
import { normalizeUser } from "./normalize_user.ts";
import { personalFields } from "./personal_fields.ts";
import type { OnhookEvent, Session } from "./schema.ts";
import { withholdFields } from "./withhold_fields.ts";

const START = 13;

function joined(events: readonly OnhookEvent[]): Uint8Array {
  const entries = events.map((event) => encodeEvent(event));
  const padded = entries.map(({ length }) => (length + 7) & ~7);
  const bytes = new Uint8Array(START + padded.reduce((sum, length) => sum + length, 0));
  let at = START;
  entries.forEach((entry, i) => {
    bytes.set(entry, at);
    at += padded[i]!;
  });
  return bytes;
}

/** What a plugin gets of the events. */
function handedOver(
  events: readonly OnhookEvent[],
  grants: number,
): { events: OnhookEvent[]; bytes: Uint8Array } {
  const whole = joined(events);
  const bytes = whole.slice(0, withholdFields(whole, START, events.length, grants));
  const view = new DataView(bytes.buffer);
  const decoded: OnhookEvent[] = [];
  for (let at = START; at < bytes.length;) {
    // Entries stand at multiples of 8 in a plugin's process.
    const entry = bytes.slice(at, at + view.getUint32(at + 32, true));
    decoded.push(decodeEvent(entry, 0, events[decoded.length]!.attempt)!);
    at += (entry.length + 7) & ~7;
  }
  return { events: decoded, bytes };
}

type Fields = Record<string, unknown>;

/** The plain rules: what is left of an event. */
function expected(event: OnhookEvent, fields: readonly GrantableField[]): OnhookEvent {
  const has = (field: GrantableField) =>
    fields.some((f) => f === field || f.startsWith(`${field}.`));
  const left = structuredClone(event) as unknown as Fields;
  if ("port" in left && !has("port")) left["port"] = {};
  if ("connection" in left) left["connection"] = connectionLeft(left["connection"] as Fields, has);
  if ("session" in left) {
    if (has("session")) left["session"] = sessionLeft(left["session"] as Fields, has);
    else delete left["session"];
  }
  if (left["type"] === "sessionEnd" && left["end"] !== undefined) {
    if (!has("session")) delete left["end"];
    else if (!has("port")) {
      for (const link of (left["end"] as { links: Fields[] }).links) {
        delete link["portHandle"];
        delete link["portName"];
      }
    }
  }
  return left as unknown as OnhookEvent;
}

function connectionLeft(all: Fields, has: (field: GrantableField) => boolean): Fields {
  if (!has("connection")) return {};
  for (const field of ["user", "domain", "computer", "interfaceName", "clientAddress"] as const) {
    if (field in all && !has(`connection.${field}`)) all[field] = "";
  }
  delete all["account"];
  const account = normalizeUser(
    (all["user"] ?? "") as string,
    all["domain"] as string | undefined,
  );
  if (account !== undefined) all["account"] = account;
  if (all["ipv6"] !== undefined && !has("connection.clientAddress")) {
    Object.assign(all["ipv6"] as Fields, {
      clientInterfaceId: "0000:0000:0000:0000",
      clientPrefix: "0000:0000:0000:0000::/0",
    });
  }
  return all;
}

function sessionLeft(all: Fields, has: (field: GrantableField) => boolean): Fields {
  for (const field of ["user", "domain", "computer", "clientAddress"] as const) {
    if (!has(`session.${field}`)) delete all[field];
  }
  delete all["account"];
  const session = all as unknown as Session;
  const account = normalizeUser(session.user ?? "", session.domain);
  return account === undefined ? all : { ...all, account };
}

const batches = fc.array(arbitraryEvent, { minLength: 1, maxLength: 5 });

Deno.test("withholdFields() leaves exactly what is granted, whatever is granted", () => {
  fc.assert(
    fc.property(batches, fc.subarray([...grantableFields]), (events, fields) => {
      const { events: left } = handedOver(events, grantMask(fields));
      assertEquals(left, events.map((event) => expected(event, fields)));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("withholdFields() changes no byte when everything is granted", () => {
  fc.assert(fc.property(batches, (events) => {
    assertEquals(handedOver(events, ALL_GRANTS).events, events);
  }));
});

Deno.test("withholdFields() keeps to the entry when an entry contradicts itself", () => {
  const places = fc.array(fc.tuple(fc.integer({ min: 36, max: 600 }), fc.nat(255)), {
    minLength: 1,
    maxLength: 8,
  });
  const fields = fc.subarray([...grantableFields]);
  fc.assert(
    fc.property(
      ...[arbitraryEvent, arbitraryEvent, places, fields] as const,
      fc.option(fc.integer({ min: 48, max: 200 })),
      (first, second, changes, granted, shorter) => {
        const whole = joined([first, second]);
        const view = new DataView(whole.buffer);
        const length = view.getUint32(START + 32, true);
        for (const [at, value] of changes) if (at < length) whole[START + at] = value;
        const grants = grantMask(granted);
        let start = START;
        if (shorter !== null && shorter < length) {
          // The rest of it is another entry's as far as the lengths say, so only the first is cut.
          view.setUint32(START + 32, shorter, true);
          const behind = START + ((shorter + 7) & ~7);
          const before = whole.slice(behind);
          const end = withholdFields(whole, START, 1, grants);
          assert(end <= behind);
          assertEquals(whole.slice(behind), before, "it reaches into what is behind it");
          return;
        }
        const end = withholdFields(whole, START, 2, grants);
        start += (view.getUint32(START + 32, true) + 7) & ~7;
        const entry = whole.slice(start, start + view.getUint32(start + 32, true));
        assert(start + entry.length <= end && end <= whole.length);
        assertEquals(decodeEvent(entry, 0, second.attempt), expected(second, granted));
      },
    ),
    { numRuns: 3000 },
  );
});

Deno.test("withholdFields() leaves the same bytes whoever it was when nothing of it is granted", () => {
  const event = (user: string): OnhookEvent => ({
    ...{ type: "linkHangup", id: "00000000deadbeef-40", sequence: 1, attempt: 1, port: {} },
    time: "2026-11-22T10:00:00.123456Z",
    session: {
      ...{ id: "00000000deadbeef-20", user, domain: `${user}-corp`, computer: user },
      ...{ clientAddress: user, connectedAt: "2026-11-22T09:00:00.123456Z", linkCount: 1 },
      ...{ isLastLink: false, uncertain: false, source: "observed" },
    },
  });
  const grants = grantMask(defaultFields);
  assertEquals(
    handedOver([event("a")], grants).bytes,
    handedOver([event("Adalbert")], grants).bytes,
  );
  const text = new TextDecoder("utf-16le").decode(
    handedOver([event("Zoë")], grants).bytes.slice(1),
  );
  assert(!text.includes("Zoë"));
});

Deno.test("grantMask() grants by default nothing that names a person", () => {
  const granted = grantMask(defaultFields);
  for (const path of personalFields) {
    const field = grantableFields.find((each) => each === path);
    if (field !== undefined) assertEquals(granted & grantMask([field]) & ~granted, 0);
  }
  const personal = grantableFields.filter((field) => field.includes("."));
  for (const field of personal) {
    assertEquals((granted & grantMask([field])) === grantMask([field]), false, field);
  }
});
