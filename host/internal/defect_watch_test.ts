import { assertEquals, assertRejects } from "@std/assert";
import { DefectWatch } from "./defect_watch.ts";

Deno.test("DefectWatch hears of a rejection that nobody handles", async () => {
  using watch = new DefectWatch();
  void Promise.reject(new RangeError("nobody looks"));
  await assertRejects(() => watch.found, RangeError, "nobody looks");
});

Deno.test("DefectWatch hears of an error in a timer", async () => {
  using watch = new DefectWatch();
  setTimeout(() => {
    throw new TypeError("in a timer");
  }, 0);
  await assertRejects(() => watch.found, TypeError, "in a timer");
});

Deno.test("DefectWatch hears nothing of what is handled", async () => {
  using watch = new DefectWatch();
  await Promise.reject(new RangeError("handled")).catch(() => {});
  assertEquals(await Promise.race([watch.found, Promise.resolve("quiet")]), "quiet");
});
