import { assertEquals, assertThrows } from "@std/assert";
import { BenchUsageError, parseOptions } from "./options.ts";

const names = ["first", "second", "third"];

Deno.test("parseOptions() measures everything when nothing is said", () => {
  const options = parseOptions([], names);
  const guard = undefined;
  assertEquals(options, { isQuick: false, isHelp: false, guard, jsonPath: undefined, only: names });
});

Deno.test("parseOptions() keeps the order of the measurements", () => {
  const options = parseOptions(["--only=third,first", "--quick", "--json=a=b.json"], names);
  assertEquals(options.only, ["first", "third"]);
  assertEquals(options.isQuick, true);
  assertEquals(options.jsonPath, "a=b.json");
});

Deno.test("parseOptions() tells all problems at once", () => {
  const error = assertThrows(
    () => parseOptions(["--quik", "--only=fourth", "--json"], names),
    BenchUsageError,
  );
  for (const part of ['"--quik"', '"fourth"', '"--json"']) {
    assertEquals(error.message.includes(part), true, error.message);
  }
});

Deno.test("parseOptions() guards when asked, and stores only when asked for that", () => {
  assertEquals(parseOptions(["--guard"], names).guard, "check");
  assertEquals(parseOptions(["--guard=store"], names).guard, "store");
  assertThrows(() => parseOptions(["--guard=yes"], names), BenchUsageError, '"--guard=yes"');
});
