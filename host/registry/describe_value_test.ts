import { assertEquals } from "@std/assert";
import { describeValue } from "./describe_value.ts";

Deno.test("describeValue() says kinds in words and short values as JSON", () => {
  assertEquals(describeValue(undefined), "nothing");
  assertEquals(describeValue(null), "null");
  assertEquals(describeValue([]), "an empty list");
  assertEquals(describeValue([1]), "a list");
  assertEquals(describeValue({}), "an object");
  assertEquals(describeValue(1.5), "1.5");
  assertEquals(describeValue('a"b'), '"a\\"b"');
  assertEquals(describeValue("x".repeat(81)), `"${"x".repeat(80)}…"`);
});

Deno.test("describeValue() leaves nothing that steers a terminal when a text holds it", () => {
  assertEquals(
    describeValue("\x1b[2J\u009b\u202e\u200b\ud800"),
    '"\\u001b[2J\\u009b\\u202e\\u200b\\ud800"',
  );
  assertEquals(describeValue("\u{e0001}"), '"\\udb40\\udc01"');
});
