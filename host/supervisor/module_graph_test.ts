import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { PluginError, ProcessError } from "../internal/errors.ts";
import { testWhere } from "../../tests/support/test_where.ts";
import { type ModuleGraph, moduleGraph } from "./module_graph.ts";

/** Writes files to a folder of their own and asks for the graph of `mod.ts`. */
async function graphOf(
  files: Readonly<Record<string, string>>,
  check: (graph: Promise<ModuleGraph>, folder: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "graph #1, " }));
  try {
    for (const [name, text] of Object.entries({ "deno.json": "{}", ...files })) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await check(
      moduleGraph(
        { path: join(folder, "mod.ts"), baseFolder: dirname(folder), permissions: { read: [] } },
        join(folder, "deno.json"),
        signal,
      ),
      folder,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("moduleGraph() finds exactly the files that a module needs", () =>
  graphOf({
    "mod.ts": `import { b } from "./b.ts";
      import data from "./data.json" with { type: "json" };
      import { readFileSync } from "node:fs";
      import "data:text/javascript,1";
      const late = () => import("./late.ts");
      export default { b, data, late, readFileSync };`,
    "b.ts": `import type { C } from "./c.ts"; export const b: C = 1;`,
    "c.ts": `export type C = number;`,
    "data.json": `{}`,
    "late.ts": `import "./mod.ts"; export {};`,
    "beside.ts": `export {};`,
    "secret.txt": `secret`,
  }, async (graph, folder) => {
    const names = ["b.ts", "c.ts", "data.json", "late.ts", "mod.ts"];
    const { files, packages } = await graph;
    assertEquals(files.toSorted(), names.map((name) => join(folder, name)));
    assertEquals(packages, []);
  }));

Deno.test("moduleGraph() follows the import map of the configuration", () =>
  graphOf({
    "deno.json": `{ "imports": { "helper": "./inner.ts" } }`,
    "mod.ts": `import "helper";`,
    "inner.ts": `export {};`,
  }, async (graph, folder) => {
    assertEquals((await graph).files.toSorted(), [
      join(folder, "inner.ts"),
      join(folder, "mod.ts"),
    ]);
  }));

Deno.test("moduleGraph() only names packages of npm, whether they are in the cache or not", () =>
  graphOf({
    "mod.ts": `import * as z from "npm:zod@4.6.7";
      import "npm:zod@4.6.7/mini";
      import "npm:/onhook-has-no-such-package@0.0.1/part/of.js";
      import "./b.ts";`,
    "b.ts": `import "npm:@onhook/none"; import "npm:@onhook/none@1.0.0/part";`,
  }, async (graph, folder) => {
    const { files, packages } = await graph;
    assertEquals(files.toSorted(), [join(folder, "b.ts"), join(folder, "mod.ts")]);
    assertEquals(packages.toSorted(), [
      "npm:@onhook/none",
      "npm:@onhook/none@1.0.0",
      "npm:onhook-has-no-such-package@0.0.1",
      "npm:zod@4.6.7",
    ]);
  }));

const broken: [string, Record<string, string>, string][] = [
  ["an import that is missing", { "mod.ts": `import "./gone.ts";` }, "gone.ts"],
  [
    "a missing import of an import",
    { "mod.ts": `import "./b.ts";`, "b.ts": `export * from "./lost.ts";` },
    "lost.ts",
  ],
  ["a module that is no code", { "mod.ts": `export const = ;` }, "mod.ts"],
  ["remote code", { "mod.ts": `import "https://example.invalid/x.ts";` }, "example.invalid"],
  ["a module that is missing itself", {}, "mod.ts"],
];
for (const [what, files, words] of broken) {
  Deno.test(`moduleGraph() names ${what}`, () =>
    graphOf(files, async (graph) => {
      const error = await assertRejects(
        () => graph,
        PluginError,
        "Cannot load the plugin's modules",
      );
      assertStringIncludes(error.message, words);
      assertEquals(error.message.length < 2000, true);
    }));
}

Deno.test("moduleGraph() ends early when nobody waits for it any more", () =>
  graphOf(
    { "mod.ts": `export {};` },
    async (graph) => void await assertRejects(() => graph),
    AbortSignal.abort(),
  ));

Deno.test("moduleGraph() names the files that may have to be mended when it cannot be made", () =>
  graphOf({
    "mod.ts": `import "./wrong.ts"; import "./missing.ts"; import "npm:zod@4.6.7";`,
    "wrong.ts": `import "./good.ts"; this is no code`,
    "good.ts": `export {};`,
  }, async (graph, folder) => {
    const { files } = await assertRejects(() => graph, PluginError);
    const names = ["missing.ts", "mod.ts", "wrong.ts"];
    assertEquals(files.toSorted(), names.map((name) => join(folder, name)));
  }));

testWhere(
  "signals",
  "moduleGraph() takes a search that was killed for no fault of the plugin",
  () =>
    graphOf({ "mod.ts": "export {};" }, async (graph, folder) => {
      await graph;
      const owner = { path: join(folder, "mod.ts"), baseFolder: folder, permissions: { read: [] } };
      const killed = ["sh", "-c", "kill -9 $$"];
      const error = await assertRejects(
        () => moduleGraph(owner, join(folder, "deno.json"), undefined, killed),
        ProcessError,
      );
      assertStringIncludes(error.message, "was ended by SIGKILL");
      const silent = ["sh", "-c", "exit 1"];
      await assertRejects(
        () => moduleGraph(owner, join(folder, "deno.json"), undefined, silent),
        ProcessError,
        "without a word",
      );
    }),
);
