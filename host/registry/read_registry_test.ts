import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { readRegistry } from "./read_registry.ts";
import { testWhere } from "../../tests/support/test_where.ts";
import { neutralPaths } from "../../tests/support/neutral_paths.ts";

async function withRegistry(
  text: string | Uint8Array,
  run: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const path = join(folder, "registry.json");
    await Deno.writeTextFile(join(folder, "a.ts"), "export default {};\n");
    if (typeof text === "string") await Deno.writeTextFile(path, text);
    else await Deno.writeFile(path, text);
    await run(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function problemsOf(text: string | Uint8Array): Promise<string[]> {
  let lines: string[] = [];
  await withRegistry(text, async (path, folder) => {
    const error = await assertRejects(() => readRegistry(path), InputError);
    lines = error.problems.map((p) =>
      neutralPaths(`${p.place}: ${p.found} -> ${p.wanted}`, folder)
    );
  });
  return lines;
}

Deno.test("readRegistry() fills in the defaults and resolves paths when little is said", async () => {
  await withRegistry(
    `\ufeff// Ours.
{ "$schema": "./registry.schema.json", "plugins": [
  { "id": "a", "path": "./a.ts", "permissions": { "read": ["./data,1"], "write": ["/var/tmp/x"] } }, // trailing
] }`,
    async (path, folder) => {
      assertEquals(await readRegistry(path), {
        source: path,
        plugins: [{
          id: "a",
          path: join(folder, "a.ts"),
          enabled: true,
          permissions: {
            read: [join(folder, "data,1")],
            write: [resolve(folder, "/var/tmp/x")],
            net: [],
            env: [],
            sys: [],
          },
          config: {},
          timeoutMs: 5000,
          memoryMb: 128,
          cpuPercent: 50,
          cpuWindowMs: 60_000,
          messageBytesMax: 4096,
          onFailure: "skip",
          retryCount: 5,
          retryFirstWaitMs: 1000,
          retryLongestWaitMs: 60_000,
          baseFolder: folder,
        }],
      });
    },
  );
});

Deno.test("readRegistry() keeps the order of the file and every value when all are given", async () => {
  await withRegistry(
    `{"plugins":[{"id":"z","path":"a.ts"},{"id":"b","path":"a.ts","enabled":false,"config":{"n":[1,null]},
     "timeoutMs":10,"memoryMb":4096,"onFailure":"skip"},{"id":"a","path":"a.ts"}]}`,
    async (path) => {
      const { plugins } = await readRegistry(path);
      assertEquals(plugins.map(({ id }) => id), ["z", "b", "a"]);
      assertEquals(JSON.stringify(plugins[1]?.config), '{"n":[1,null]}');
      assertEquals([plugins[1]?.enabled, plugins[1]?.timeoutMs, plugins[1]?.memoryMb], [
        false,
        10,
        4096,
      ]);
    },
  );
});

Deno.test("readRegistry() lists every problem with place, found and wanted when there are many", async () => {
  assertEquals(
    await problemsOf(`{
  "plugins": [
    { "id": "A b", "path": "./a.ts" },
    { "id": "a", "path": "./a.ts", "timeoutMs": 5 },
    { "id": "a", "path": "./none.ts", "permissons": {} },
    { "id": "c", "path": "./a.ts", "permissions": { "run": ["ls"], "ffi": true, "net": ["*"], "read": true } },
    7
  ],
  "plugin": 1
}`),
    [
      'plugins[0].id (3:13): "A b" -> 1 to 64 characters out of small letters, digits and ' +
      'hyphens, such as "audit-log"',
      "plugins[1].timeoutMs (4:49): 5 -> a whole number of milliseconds from 10 to 600000",
      'plugins[2].id (5:13): "a" once more -> an id of its own; plugins[1] has this one',
      'plugins[2].path (5:26): no file "DIR/none.ts" -> a module file, or "enabled": false until it is there',
      'plugins[2].permissons (5:39): the key "permissons" -> "permissions"',
      'plugins[3].permissions.run (6:53): the key "run" -> no such key: a program that a ' +
      "plugin starts would be outside its permissions",
      'plugins[3].permissions.ffi (6:68): the key "ffi" -> no such key: a library that a ' +
      "plugin loads would be outside its permissions",
      'plugins[3].permissions.net[0] (6:89): "*" -> host, host:port, an IP address, ' +
      '[IPv6]:port or *.domain, such as "example.com:443"; the whole network cannot be granted',
      "plugins[3].permissions.read (6:103): true -> a list of files and folders; a whole kind " +
      "cannot be granted at once",
      "plugins[4] (7:5): 7 -> an object that describes a plugin",
      'plugin (9:3): the key "plugin" -> "plugins"',
    ],
  );
});

Deno.test("readRegistry() takes the three ways to go on after a failure and no other", async () => {
  assertEquals(
    await problemsOf(`{"plugins":[{"id":"a","path":"a.ts","onFailure":"retry"},
{"id":"b","path":"a.ts","onFailure":"hold"},{"id":"c","path":"a.ts","onFailure":"stop"}]}`),
    ['plugins[2].onFailure (2:81): "stop" -> "skip", "retry" or "hold"'],
  );
});

Deno.test("readRegistry() refuses write permissions when they reach the registry or a module", async () => {
  assertEquals(
    await problemsOf(
      `{"plugins":[{"id":"a","path":"a.ts","permissions":{"write":[".","./a.ts","./data","/"],"read":["/"]}}]}`,
    ),
    [
      'plugins[0].permissions.write[0] (1:61): "." -> a folder of its own: with this one the ' +
      "plugin could rewrite the registry",
      'plugins[0].permissions.write[1] (1:65): "./a.ts" -> a folder of its own: with this one ' +
      'the plugin could rewrite the module "DIR/a.ts"',
      'plugins[0].permissions.write[3] (1:83): "/" -> a folder below the root; the whole disk cannot be granted',
      'plugins[0].permissions.write[3] (1:83): "/" -> a folder of its own: with this one the ' +
      "plugin could rewrite the registry",
      'plugins[0].permissions.read[0] (1:96): "/" -> a folder below the root; the whole disk cannot be granted',
    ],
  );
});

testWhere(
  "links",
  "readRegistry() refuses a write permission when it reaches the registry through a link",
  async () => {
    await withRegistry(
      `{"plugins":[{"id":"a","path":"a.ts","permissions":{"write":["./link/sub/.."]}}]}`,
      async (path, folder) => {
        await Deno.symlink(folder, join(folder, "link"));
        const error = await assertRejects(() => readRegistry(path), InputError);
        assertStringIncludes(error.message, "could rewrite the registry");
      },
    );
  },
);

testWhere(
  "links",
  "readRegistry() refuses a write permission for the place of a link to the registry or a module",
  async () => {
    const text = `{"plugins":[
    {"id":"a","path":"../code/a.ts","permissions":{"write":["../links"]}},
    {"id":"b","path":"../current/b/b.ts","permissions":{"write":["../out"]}},
    {"id":"c","path":"../code/c.ts","permissions":{"write":["../data"]}}]}`;
    await withRegistry(text, async (real, folder) => {
      for (const name of ["links", "etc", "code", "out", "v2", "v2/b", "data"]) {
        await Deno.mkdir(join(folder, name));
      }
      await Deno.rename(real, join(folder, "etc", "registry.json"));
      await Deno.writeTextFile(join(folder, "v2", "b", "b.ts"), "");
      for (const name of ["a.ts", "c.ts"]) await Deno.writeTextFile(join(folder, "code", name), "");
      // The registry by a chain of two links, a module by a link in the middle of its path.
      await Deno.symlink(join(folder, "links", "next.json"), join(folder, "etc", "link.json"));
      await Deno.symlink("../etc/registry.json", join(folder, "links", "next.json"));
      await Deno.symlink(join(folder, "out", "current"), join(folder, "current"));
      await Deno.symlink("../v2", join(folder, "out", "current"));
      const error = await assertRejects(
        () => readRegistry(join(folder, "etc", "link.json")),
        InputError,
      );
      assertEquals(error.problems.map(({ place, wanted }) => [place.slice(0, 10), wanted]), [
        [
          "plugins[0]",
          "a folder of its own: with this one the plugin could rewrite where the registry is",
        ],
        [
          "plugins[1]",
          "a folder of its own: with this one the plugin could rewrite where the module " +
          `"${folder}/current/b/b.ts" is`,
        ],
      ]);
    });
  },
);

Deno.test("readRegistry() names the place of each mistake when the file is not JSON", async () => {
  assertEquals(await problemsOf('{"plugins": [{"id": "a" "path": 1,}, x]'), [
    '1:25: "\\"path\\"" -> a comma before this',
    '1:38: "x" -> a JSON value: text in double quotes, a number, true, false, null, [ or {',
    "1:40: the end of the file -> a closing brace }",
  ]);
});

Deno.test("readRegistry() refuses a name twice, __proto__, endless numbers and deep nesting", async () => {
  assertEquals(
    await problemsOf(
      `{"plugins":[{"id":"a","path":"a.ts","path":"a.ts","config":{"__proto__":1,"n":1e999}}]}`,
    ),
    [
      'plugins[0].path (1:37): "path" once more -> each name once',
      'plugins[0].config.__proto__ (1:61): "__proto__" -> another name for the property',
      "plugins[0].config.n (1:79): a number beyond all bounds -> a number below 1.8e308",
    ],
  );
  const deep = `{"plugins":${"[".repeat(400_000)}`;
  assertEquals(await problemsOf(deep), [
    "the document (1:75): a value that is nested too deeply -> at most 64 levels",
  ]);
});

Deno.test("readRegistry() refuses the file when it is empty, too long or not UTF-8", async () => {
  assertEquals(await problemsOf(""), ["1:1: the end of the file -> a value"]);
  assertEquals(await problemsOf(" ".repeat(1024 * 1024 + 1)), [
    "the file: 1048577 bytes -> at most 1048576 bytes",
  ]);
  assertEquals(await problemsOf(new Uint8Array([0x7b, 0xff, 0x7d])), [
    "the file: bytes that are not UTF-8 -> a UTF-8 text file",
  ]);
});

Deno.test("readRegistry() says so when the file is missing or a folder", async () => {
  await withRegistry("{}", async (_path, folder) => {
    const missing = await assertRejects(() => readRegistry(join(folder, "none")), InputError);
    assertEquals(
      neutralPaths(missing.message, folder),
      "Cannot read the registry: 1 problem\n  DIR/none: the file: found no such file, wanted a " +
        "registry file; name another one with --registry=PATH",
    );
    const isFolder = await assertRejects(() => readRegistry(folder), InputError);
    assertEquals(isFolder.problems.map(({ found, wanted }) => [found, wanted]), [[
      "a folder",
      "a file",
    ]]);
  });
});

Deno.test("readRegistry() takes a missing module when the plugin is disabled or files need not exist", async () => {
  await withRegistry(
    `{"plugins":[{"id":"a","path":"none.ts","enabled":false}]}`,
    async (path) => {
      assertEquals((await readRegistry(path)).plugins.length, 1);
    },
  );
  await withRegistry(`{"plugins":[{"id":"a","path":"none.ts"}]}`, async (path) => {
    assertEquals((await readRegistry(path, { filesMustExist: false })).plugins.length, 1);
  });
});
