import { assertEquals } from "@std/assert";
import { programFilter } from "./program_files.ts";

Deno.test("programFilter() leaves out of the host what only its makers need", () => {
  const isPart = programFilter("host", new Set());
  const parts = ["main.ts", "native/build.ts", "cli/_paint.ts", "native"];
  const others = ["main_test.ts", "cli/a_test.ts", "internal/_fake_clock.ts", "native/src", "data"];
  assertEquals(parts.filter((path) => !isPart(path)), []);
  assertEquals(others.filter(isPart), []);
});

Deno.test("programFilter() takes the packages that are used out of the cache", () => {
  const isPart = programFilter("npm", new Set(["zod", "@optique/core"]));
  const parts = ["r", "r/zod", "r/zod/4.6.7/a.js", "r/zod/registry.json", "r/@optique"];
  const others = ["r/zodiac", "r/@optique/run", "r/@other", "r/zod/4.6.7/a.d.ts", "r/zod/1/a.md"];
  assertEquals(parts.filter((path) => !isPart(path)), []);
  assertEquals(others.filter(isPart), []);
  assertEquals(isPart("r/@optique/core/1.3.6/dist/index.js"), true);
});
