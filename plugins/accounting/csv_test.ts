import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { csvLine, parseCsv } from "./csv.ts";

Deno.test("csvLine() writes what parseCsv() reads, whatever the texts are", () => {
  // An apostrophe before a formula is what escapes one, so a text cannot begin with both.
  const text = fc.string({ unit: "binary" }).filter((value) => !/^'[=+\-@\t\r]/.test(value));
  fc.assert(fc.property(fc.array(fc.array(text, { minLength: 1 })), (lines) => {
    assertEquals(parseCsv(lines.map((cells) => csvLine(cells)).join("")), lines);
  }));
});

Deno.test("csvLine() lets no spreadsheet run a cell when it looks like a formula", () => {
  assertEquals(csvLine(["=1+1", "@x", "-1", "a=b", 7, null]), "'=1+1,'@x,'-1,a=b,7,\n");
});

Deno.test("parseCsv() leaves a line out when it was cut off", () => {
  assertEquals(parseCsv('a,b\nc,"d'), [["a", "b"]]);
});
