/** What a plugin names in an import statement must not become what it may read. */
import { assert } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

const SECRET = "what only the host may see";

/** Runs a plugin whose module is the given text and gives back all that the host logged. */
async function logOf(make: (world: TestWorld, folder: string) => string | Promise<string>) {
  await using world = await TestWorld.make([]);
  const folder = join(world.folder, "plugin");
  await Deno.mkdir(folder);
  await Deno.writeTextFile(join(world.folder, "secret.txt"), SECRET);
  await Deno.writeTextFile(join(world.folder, "secret.json"), JSON.stringify(SECRET));
  await Deno.writeTextFile(join(world.folder, "neighbour.ts"), `export const key = "${SECRET}";`);
  const module = join(folder, "mod.ts");
  await Deno.writeTextFile(
    module,
    `${await make(world, folder)}\nconsole.log("loaded");\nexport default {};\n`,
  );
  await world.writeRegistry([{ id: "curious", file: module }]);
  await using host = await world.startHost(["--deaths-per-window-max=1", "--backoff-first-ms=10"]);
  await host.untilLog(
    ({ message }) => message === "loaded" || message.includes("is parked"),
    "it is loaded or given up on",
  );
  return host.stderr;
}

function cannotRead(name: string, make: Parameters<typeof logOf>[0]): void {
  const want = name.includes("link") ? "links" : "any";
  testWhere(want, `a plugin without a grant cannot read a file by ${name}`, async () => {
    const log = await logOf(make);
    assert(!log.includes(`GOT ${SECRET}`), log);
  });
}

Deno.test("a plugin reads JSON and code in its own folder", async () => {
  const log = await logOf(async (_, folder) => {
    await Deno.writeTextFile(join(folder, "own.json"), `"mine"`);
    await Deno.writeTextFile(join(folder, "own.ts"), `export const x: string = "code";`);
    return `import { definePlugin } from "onhook";
      import got from "./own.json" with { type: "json" };
      import { x } from "./own.ts";
      console.log("GOT " + got + x, typeof definePlugin);`;
  });
  assert(log.includes("GOT minecode function"), log);
});

cannotRead(
  "a static import as JSON",
  ({ folder }) =>
    `import got from "${toFileUrl(folder)}/secret.json" with { type: "json" };
   console.log("GOT " + got);`,
);
cannotRead(
  "an import of the registry beside its folder",
  () =>
    `import got from "../registry.json" with { type: "json" };
   console.log("GOT ${SECRET}", got);`,
);
cannotRead(
  "a static import as text",
  ({ folder }) =>
    `import got from "${toFileUrl(folder)}/secret.txt" with { type: "text" };
   console.log("GOT " + got);`,
);
cannotRead(
  "naming it in an import that is never run",
  ({ folder }) =>
    `if (Deno.pid === 0) await import("${
      toFileUrl(folder)
    }/secret.json", { with: { type: "json" } });
   console.log("GOT " + JSON.parse(Deno.readTextFileSync(new URL("${
      toFileUrl(folder)
    }/secret.json"))));`,
);
cannotRead(
  "importing a neighbour's module",
  ({ folder }) =>
    `import { key } from "${toFileUrl(folder)}/neighbour.ts";
   console.log("GOT " + key);`,
);
cannotRead(
  "naming a neighbour's module in a type",
  ({ folder }) =>
    `import type { key } from "${toFileUrl(folder)}/neighbour.ts";
   console.log("GOT " + /"(.*)"/.exec(Deno.readTextFileSync(new URL("${
      toFileUrl(folder)
    }/neighbour.ts")))[1]);`,
);
cannotRead("a link in its own folder", async (world, folder) => {
  await Deno.symlink(join(world.folder, "secret.json"), join(folder, "own.json"));
  return `import got from "./own.json" with { type: "json" };
   console.log("GOT " + got);`;
});
