import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { jsonLine } from "./json_line.ts";

Deno.test("jsonLine() is one printable line and the same value when the text is hostile", () => {
  const texts = ["\n\r\t", "\u0085\u2028\u2029", "\u007f\u009b31m", "\ud800", "x\udc00y", "\u202e"];
  for (const text of [...texts, "\ufeff", "\u{e0001}", '"\\', "é漢😀", "__proto__"]) {
    const line = jsonLine({ text });
    assertMatch(line, /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*\n$/u);
    assertEquals(JSON.parse(line), { text });
  }
});

Deno.test("jsonLine() keeps every value when text and keys are arbitrary", () => {
  fc.assert(fc.property(
    fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })),
    (value) => {
      const line = jsonLine(value);
      assertEquals(line.indexOf("\n"), line.length - 1);
      assertEquals(JSON.parse(line), JSON.parse(JSON.stringify(value)));
    },
  ));
});

Deno.test("jsonLine() leaves letters of any script as they are when nothing is unsafe", () => {
  assertEquals(jsonLine("Büro 漢字 😀"), '"Büro 漢字 😀"\n');
});
