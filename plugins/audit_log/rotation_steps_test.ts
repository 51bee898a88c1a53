import { assertEquals } from "@std/assert";
import { rotationSteps } from "./rotation_steps.ts";

/** Files by number, carried through the steps; stops before step `until`. */
function rotate(files: Map<number, string>, keepFiles: number, until = Infinity): void {
  const taken = new Set([...files.keys()].filter((n) => n > 0));
  for (const [index, { from, to }] of rotationSteps(taken, keepFiles).entries()) {
    if (index >= until) return;
    files.set(to, files.get(from)!);
    files.delete(from);
  }
}

Deno.test("rotationSteps() renames the current file only when there is no old one", () => {
  assertEquals(rotationSteps(new Set(), 3), [{ from: 0, to: 1 }]);
});

Deno.test("rotationSteps() replaces the oldest when all numbers are taken", () => {
  const files = new Map([[0, "d"], [1, "c"], [2, "b"], [3, "a"]]);
  rotate(files, 3);
  assertEquals(files, new Map([[3, "b"], [2, "c"], [1, "d"]]));
});

Deno.test("rotationSteps() loses nothing but the oldest when broken off after any step", () => {
  for (let until = 0; until <= 3; until++) {
    const files = new Map([[0, "d"], [1, "c"], [2, "b"], [3, "a"]]);
    rotate(files, 3, until);
    if (files.has(0)) rotate(files, 3);
    assertEquals(files, new Map([[3, "b"], [2, "c"], [1, "d"]]), `broken off at ${until}`);
  }
});

Deno.test("rotationSteps() leaves higher numbers alone when keepFiles was lowered", () => {
  assertEquals(rotationSteps(new Set([1, 2, 7]), 1), [{ from: 0, to: 1 }]);
});
