import { assertEquals } from "@std/assert";
import { safeLines, safeText, shortText } from "./_safe_text.ts";

Deno.test("safeText() lets nothing through that a terminal obeys or that hides text", () => {
  assertEquals(safeText("a\x1b[2Jb\u202ec\u0000\x9b"), "a\\u001b[2Jb\\u202ec\\u0000\\u009b");
  assertEquals(safeText("one\n  two\r\nthree"), "one two three");
  assertEquals(safeText("Ærø 🌍"), "Ærø 🌍");
});

Deno.test("safeLines() keeps lines and nothing else of what a terminal obeys", () => {
  assertEquals(safeLines("a\r\n  b\x1b\rc"), "a\n  b\\u001b\\u000dc");
});

Deno.test("shortText() cuts what is longer than its column", () => {
  assertEquals([shortText("abcd", 4), shortText("abcde", 4)], ["abcd", "abc…"]);
});
