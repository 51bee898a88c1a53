import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Port } from "onhook";
import { sampleEvents } from "../_testing/sample_events.ts";
import { HourBook } from "./hour_book.ts";
import { type ReportLine, reportLines } from "./report_lines.ts";

interface Limits {
  portsMax?: number;
  listed?: number;
}

function report(ports: Partial<Port>[], { portsMax = 100, listed = 100 }: Limits = {}) {
  const book = new HourBook(portsMax);
  for (const port of ports) book.add(sampleEvents.linkHangup({ port }));
  return reportLines(book.drain()[0]!, listed);
}

const portsOf = (lines: ReportLine[]) => lines.map((line) => line.fields["port"]);

Deno.test("reportLines() gives the hour, then its ports by their bytes", () => {
  const lines = report([
    { name: "VPN2-1", bytesTransmitted: 10, bytesReceived: 1 },
    { name: "VPN2-2", bytesTransmitted: 100, bytesReceived: 2 },
    { name: "VPN2-1", bytesTransmitted: 20, bytesReceived: 3 },
  ]);
  assertEquals(portsOf(lines), [undefined, "VPN2-2", "VPN2-1"]);
  assertEquals(lines[0]!.fields["hour"], "2026-11-22T10Z");
  assertEquals(lines[0]!.fields["bytesTransmitted"], "130");
  assertEquals(lines[2]!.fields["bytesTransmitted"], "30");
  assertEquals(lines[2]!.fields["bytesReceived"], "4");
  assertEquals(lines[2]!.fields["hangups"], 2);
  assertEquals(lines[2]!.fields["connectSeconds"], "1200");
});

Deno.test("reportLines() flags every sum that wrapped counters may be part of", () => {
  const lines = report([
    { name: "wrapped", bytesTransmitted: 9_999_999, countersMayHaveWrapped: true },
    { name: "sure" },
  ]);
  assertEquals(lines.map((line) => [line.message, line.fields["countersMayHaveWrapped"]]), [
    ["totals of the hour (bytes and frames at least)", 1],
    ["totals of a port (bytes and frames at least)", 1],
    ["totals of a port", undefined],
  ]);
});

Deno.test("reportLines() takes counters for maybe wrapped when the event does not say", () => {
  const book = new HourBook(10);
  book.add(sampleEvents.linkHangup({ wholePort: { handle: "0x1", bytesTransmitted: 5 } }));
  const [hour] = reportLines(book.drain()[0]!, 10);
  assertEquals(hour!.fields["countersMayHaveWrapped"], 1);
});

Deno.test("reportLines() counts hangups without counters and without a name", () => {
  const book = new HourBook(10);
  book.add(sampleEvents.linkHangup({ wholePort: {} }));
  book.add(sampleEvents.linkHangup({ wholePort: { handle: "0x7" } }));
  const lines = reportLines(book.drain()[0]!, 10);
  assertEquals(portsOf(lines), [undefined, "(handle 0x7)", "(unknown port)"]);
  assertEquals(lines[0]!.fields["withoutCounters"], 2);
  assertEquals(lines[0]!.fields["countersMayHaveWrapped"], undefined);
});

Deno.test("reportLines() sums exactly when the sum is larger than 2^53", () => {
  const max = 0xffff_ffff;
  const book = new HourBook(1);
  const event = sampleEvents.linkHangup({ port: { bytesTransmitted: max } });
  const count = 2_200_000;
  for (let n = 0; n < 100; n++) book.add(event);
  const finished = book.drain()[0]!;
  const [totals] = finished.totals.ports.values();
  // The rest by arithmetic, because adding two million times takes seconds.
  totals!.bytesTransmitted += BigInt(max) * BigInt(count - 100);
  const [hour] = reportLines(finished, 1);
  const expected = 4_294_967_295n * 2_200_000n;
  assert(expected > 2n ** 53n);
  assertEquals(hour!.fields["bytesTransmitted"], expected.toString());
});

Deno.test("reportLines() keeps everything in the sums when there are too many ports", () => {
  const names = Array.from({ length: 50 }, (_, n) => ({ name: `P${n}`, bytesTransmitted: n }));
  const lines = report(names, { portsMax: 10, listed: 3 });
  assertEquals(lines.length, 5);
  assertEquals(lines[0]!.fields["hangups"], 50);
  assertEquals(lines[0]!.fields["bytesTransmitted"], "1225");
  assertMatch(lines[4]!.message, /all other ports/);
  assertEquals(lines[4]!.fields["hangups"], 47);
});

Deno.test("reportLines() is plain JSON and keeps ports apart when names are hostile", () => {
  const names = ["__proto__", "constructor", "a\nb", "\ud800", "\u2028", "toString"];
  const lines = report(names.map((name) => ({ name })));
  assertEquals(new Set(portsOf(lines).slice(1)), new Set(names));
  for (const line of lines) assertEquals(JSON.parse(JSON.stringify(line)), line);
});
