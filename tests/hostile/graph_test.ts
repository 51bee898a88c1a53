/** What lies beside a plugin's module must neither run nor change anything when it is looked at. */
import { assert, assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import { testWhere } from "../support/test_where.ts";

interface Case {
  /** Text of the plugin's module. */
  readonly module: string;
  /** Other files in its folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a host with that plugin; gives back its log, and how often anybody called a loopback port. */
async function look(make: (origin: string) => Case): Promise<{ log: string; calls: number }> {
  await using world = await TestWorld.make([]);
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let calls = 0;
  const listening = (async () => {
    for await (const connection of listener) {
      calls++;
      connection.close();
    }
  })();
  const folder = join(world.folder, "plugin");
  await Deno.mkdir(folder);
  const { module, files = {} } = make(`http://127.0.0.1:${listener.addr.port}`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, name), text);
  }
  await Deno.writeTextFile(join(folder, "mod.ts"), `${module}\nconsole.log("loaded");\n`);
  await world.writeRegistry([{ id: "guest", file: join(folder, "mod.ts") }]);
  const host = HostProcess.spawn(world, ["--deaths-per-window-max=1", "--backoff-first-ms=10"]);
  await host.untilLog(
    ({ message }) => message === "loaded" || message.includes("parked"),
    "it is loaded or given up on",
  );
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
  assertEquals(names, ["mod.ts", ...Object.keys(files)].toSorted(), "nothing was put there");
  await host.stop();
  listener.close();
  await listening;
  return { log: host.stderr, calls };
}

for (
  const [name, line] of [
    ["a remote module", (origin: string) => `import "${origin}/x.ts";`],
    ["a remote type", (origin: string) => `// @ts-types="${origin}/x.d.ts"\nimport "./own.ts";`],
    ["a remote JSX library", (origin: string) => `/** @jsxImportSource ${origin}/jsx */`],
    ["a remote reference", (origin: string) => `/// <reference types="${origin}/x.d.ts" />`],
  ] as const
) {
  Deno.test(`a plugin that names ${name} makes the host call nobody`, async () => {
    const { calls } = await look((origin) => ({
      module: `${line(origin)}\nexport default {};`,
      files: { "own.ts": "export {};" },
    }));
    assertEquals(calls, 0);
  });
}

Deno.test("configuration beside a plugin is not heeded, nothing of it is installed or run", async () => {
  const { log, calls } = await look((origin) => ({
    module: `import { definePlugin } from "onhook"; export default definePlugin({});`,
    files: {
      "deno.json": `{ "imports": { "onhook": "./evil.ts" }, "nodeModulesDir": "auto" }`,
      "evil.ts": `console.log("EVIL"); export const definePlugin = (x: object) => x;`,
      "package.json":
        `{ "dependencies": { "a": "1.0.0" }, "scripts": { "postinstall": "touch installed" } }`,
      ".npmrc": `registry=${origin}/`,
      ".env": "EVIL=1",
    },
  }));
  assert(log.includes(`"loaded"`), log);
  assert(!log.includes("EVIL"), log);
  assertEquals(calls, 0);
});

testWhere(
  "links",
  "a plugin's module that is a link is loaded and reads no more than its target",
  async () => {
    await using world = await TestWorld.make([]);
    await Deno.mkdir(join(world.folder, "real"));
    await Deno.writeTextFile(join(world.folder, "real", "secret.txt"), "secret");
    await Deno.writeTextFile(
      join(world.folder, "real", "mod.ts"),
      `const path = ${JSON.stringify(join(world.folder, "real", "secret.txt"))};
     try { console.log("GOT", Deno.readTextFileSync(path)); } catch { console.log("REFUSED"); }
     export default {};`,
    );
    await Deno.symlink(join(world.folder, "real", "mod.ts"), join(world.folder, "link.ts"));
    await world.writeRegistry([{ id: "linked", file: join(world.folder, "link.ts") }]);
    await using host = await world.startHost();
    await host.untilLog(({ message }) => message === "REFUSED", "it was refused");
  },
);

Deno.test("a file that the code names only while it runs is not readable", async () => {
  await using world = await TestWorld.make([]);
  const secret = join(world.folder, "secret.json");
  await Deno.writeTextFile(secret, `"secret"`);
  const module = join(world.folder, "mod.ts");
  await Deno.writeTextFile(
    module,
    `await new Promise((resolve) => setTimeout(resolve, 500));
     const path = ${JSON.stringify(toFileUrl(secret).href)};
     try {
       await import(path, { with: { type: "json" } });
       console.log("GOT");
     } catch { console.log("REFUSED"); }
     export default {};`,
  );
  await world.writeRegistry([{ id: "changes", file: module }]);
  const host = HostProcess.spawn(world);
  try {
    await host.untilLog(({ message }) => message === "REFUSED", "it was refused");
  } finally {
    await host.stop();
  }
});
