import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { csvLine } from "./csv_line.ts";

/** Reads one line as RFC 4180 has it. */
function parse(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (true) {
    let cell = "";
    if (line[at] === '"') {
      for (at++; line[at] !== '"' || line[at + 1] === '"'; at++) {
        if (at >= line.length) throw new RangeError("a quote that is not closed");
        if (line[at] === '"') at++;
        cell += line[at];
      }
      at++;
    } else while (at < line.length && line[at] !== ",") cell += line[at++];
    cells.push(cell);
    if (at === line.length) return cells;
    if (line[at++] !== ",") throw new RangeError(`something behind a quote at ${at}`);
  }
}

const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."=+-@\"',;\t\r\n \ufeff\uff1d1A") }),
);

Deno.test("csvLine() can be read back, and no cell is taken for a formula", () => {
  fc.assert(fc.property(fc.array(nasty, { minLength: 1 }), (cells) => {
    const parsed = parse(csvLine(cells));
    assertEquals(parsed.length, cells.length);
    for (const [index, cell] of parsed.entries()) {
      const written = cells[index]!;
      assertEquals([written, `'${written}`].includes(cell), true, JSON.stringify([written, cell]));
      // What a spreadsheet may pass over before it looks for a formula.
      const seen = cell.replace(/^[\s\p{Cc}\ufeff]+/u, "");
      assertEquals(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(seen), false, JSON.stringify(cell));
    }
  }));
});

Deno.test("csvLine() writes numbers bare, nothing for what is missing, and doubles quotes", () => {
  assertEquals(csvLine([1, undefined, 'a "b"', "c,d"]), '1,,"a ""b""","c,d"');
  assertEquals(csvLine(["=1+1", "-x", "plain"]), `"'=1+1","'-x","plain"`);
});
