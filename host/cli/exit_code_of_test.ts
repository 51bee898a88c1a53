import { assertEquals, assertStringIncludes } from "@std/assert";
import { DefectError, InputError, NativeError, StoreError } from "../internal/errors.ts";
import type { CliIo } from "./cli_io.ts";
import { exitCodeOf } from "./exit_code_of.ts";
import { testInColours } from "../../tests/support/test_in_colours.ts";

function told(error: unknown, errColors = false): [number, string] {
  const lines: string[] = [];
  const code = exitCodeOf(
    error,
    {
      out: () => {},
      err: (text: string) => void lines.push(text),
      env: {},
      os: "linux",
      workingFolder: "/",
      widthColumns: 80,
      outColors: false,
      errColors,
    } satisfies CliIo,
  );
  return [code, lines.join("\n")];
}

Deno.test("exitCodeOf() gives each kind of error its exit code and its own words", () => {
  const problem = { source: "a", place: "b", found: "c", wanted: "d" };
  assertEquals(told(new InputError("Cannot read", [problem])), [
    2,
    "Cannot read: 1 problem\n  a: b: found c, wanted d",
  ]);
  const details = { code: -4, symbol: "ONHOOK_BUSY", systemCode: 0, processId: 7 };
  assertEquals(told(new NativeError("Cannot open", details)), [3, "Cannot open"]);
  assertEquals(told(new StoreError("Cannot write")), [3, "Cannot write"]);
});

Deno.test("exitCodeOf() calls everything else a defect and shows where it comes from", () => {
  for (const error of [new DefectError("Cannot go on"), new Error("boom"), "boom", undefined]) {
    const [code, text] = told(error);
    assertEquals(code, 70);
    assertStringIncludes(text, "This is a defect of Onhook, not of your input\n");
    if (error instanceof Error) assertStringIncludes(text, "exit_code_of_test.ts");
  }
});

testInColours(
  "exitCodeOf() paints the first line only when it takes colours",
  import.meta.url,
  () => {
    const problem = { source: "a", place: "b", found: "c", wanted: "d" };
    const [, text] = told(new InputError("Cannot read", [problem]), true);
    assertStringIncludes(text, "\x1b[31m");
    assertEquals(text.split("\n")[1], "  a: b: found c, wanted d");
  },
);
