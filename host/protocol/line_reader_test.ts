import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineReader } from "./line_reader.ts";

function linesOf(bytesMax: number, chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const reader = new LineReader(bytesMax, (line) => lines.push(line));
  const encoder = new TextEncoder();
  for (const chunk of chunks) {
    reader.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
  }
  reader.end();
  return lines;
}

Deno.test("LineReader splits at line ends of both kinds and leaves empty lines out", () => {
  assertEquals(linesOf(100, ["one\ntwo\r\n\n\r\nthree"]), ["one", "two", "three"]);
});

Deno.test("LineReader joins a line that comes in pieces, a character cut in two included", () => {
  const [a, b] = [Uint8Array.of(0x61, 0xc3), Uint8Array.of(0xa9, 0x0a)];
  assertEquals(linesOf(100, ["x", a, b]), ["xaé"]);
});

Deno.test("LineReader cuts a line that is too long, and only then", () => {
  assertEquals(linesOf(4, ["abcd\nabcde\n"]), ["abcd", "abcd", "e"]);
  assertEquals(linesOf(4, ["abcd", "\n", "abcd", "e\n"]), ["abcd", "abcd", "e"]);
});

Deno.test("LineReader gives what is left when it ends, once", () => {
  const lines: string[] = [];
  const reader = new LineReader(10, (line) => lines.push(line));
  reader.push(new TextEncoder().encode("rest"));
  reader.end();
  reader.end();
  assertEquals(lines, ["rest"]);
});

Deno.test("LineReader loses no text and keeps the bound, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 12 })),
      (bytesMax, lines) => {
        const text = lines.join("\n");
        const whole = linesOf(bytesMax, [text]);
        assertEquals(linesOf(bytesMax, [...text]), whole);
        assertEquals(whole.join(""), lines.join(""));
        assertEquals(whole.every((line) => line.length <= bytesMax), true);
      },
    ),
  );
});
