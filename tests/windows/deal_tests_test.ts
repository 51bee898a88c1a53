import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import fc from "fast-check";
import { dealTests, tallyOf, testFiles } from "./deal_tests.ts";

Deno.test("dealTests() gives each file to one group, and groups of about the same size", () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(names, fc.integer({ min: 1, max: 9 }), (files, machines) => {
    const groups = dealTests(files, machines);
    assertEquals(groups.flat().sort(), [...files].sort());
    const sizes = groups.map(({ length }) => length);
    assert(Math.max(...sizes) - Math.min(...sizes) <= 1 && Math.min(...sizes) > 0);
  }));
});

Deno.test("testFiles() finds the test files of a folder and those below it", () => {
  const folder = fromFileUrl(new URL(".", import.meta.url));
  const own = fromFileUrl(import.meta.url);
  assert(testFiles([folder]).includes(own));
  assert(testFiles([join(folder, "..")]).includes(own));
  assertEquals(testFiles([own]), [own]);
});

Deno.test("tallyOf() adds up what several runs of deno test say at their ends", () => {
  const said = [
    "ok | 12 passed | 0 failed | 3 ignored (2s)",
    'test that prints "1 passed" ... ok (3ms)',
    "FAILED | 7 passed (4 steps) | 2 failed (1 step) | 1 ignored (1m2s)",
    "ok | 0 passed | 0 failed (1ms)",
  ].join("\n");
  assertEquals(tallyOf("Segmentation fault"), { passed: 0, failed: 0, runs: 0 });
  assertEquals(tallyOf(said), { passed: 19, failed: 2, runs: 3 });
});
