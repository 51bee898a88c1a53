import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { InputError } from "../internal/errors.ts";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { REGISTRY_TYPES, type RegistryValue } from "../windows/registry_hive.ts";
import { fakeWindowsRegistry } from "./_fake_windows_registry.ts";
import { readRegistry } from "./read_registry.ts";
import { readWindowsRegistry } from "./read_windows_registry.ts";
import type { PluginInput } from "./registry_schema.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";

const FOLDER = await Deno.realPath(await Deno.makeTempDir());
const MODULE = join(FOLDER, "a.ts");
await Deno.writeTextFile(MODULE, "export default {};\n");
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const PLUGINS = ONHOOK_KEYS.plugins;
const read = (hive: MemoryHive) => readWindowsRegistry({ hive, standardFolder: FOLDER });

function raw(type: number, bytes: readonly number[]): RegistryValue {
  return { type, bytes: new Uint8Array(bytes), size: bytes.length };
}

/** Two good plugins, `a` and `b`, and what a test changes of them. */
async function problemsWith(change: (hive: MemoryHive) => void): Promise<string[]> {
  const hive = fakeWindowsRegistry([{ id: "a", path: MODULE }, { id: "b", path: MODULE }], FOLDER);
  change(hive);
  const error = await assertRejects(() => read(hive), InputError);
  return error.problems.map(({ place, found, wanted }) =>
    `${place.replace("HKLM\\SOFTWARE\\Onhook\\Plugins", "P")}: ${found} -> ${wanted}`
      .replaceAll(JSON.stringify(FOLDER).slice(1, -1), "DIR").replaceAll("\\\\", "/")
  );
}

const plugin: fc.Arbitrary<PluginInput> = fc.record({
  id: fc.stringMatching(/^[a-z0-9-]{1,12}$/),
  path: fc.constant(MODULE),
  enabled: fc.boolean(),
  permissions: fc.record({
    read: fc.array(fc.constantFrom("./data", "sub/x", join(FOLDER, "y"))),
    net: fc.array(fc.constantFrom("a.example:1", "*.b.example")),
    env: fc.array(fc.constantFrom("TOKEN")),
  }, { requiredKeys: [] }),
  // A name that both refuse, at any depth.
  config: fc.dictionary(fc.string(), fc.jsonValue())
    .filter((config) => !JSON.stringify(config).includes('"__proto__"')),
  timeoutMs: fc.integer({ min: 10, max: 600_000 }),
  memoryMb: fc.integer({ min: 32, max: 4096 }),
  residentMb: fc.integer({ min: 96, max: 16_384 }),
  startTimeoutMs: fc.integer({ min: 100, max: 600_000 }),
  logLinesPerSecondMax: fc.integer({ min: 1, max: 100_000 }),
  deathsPerWindowMax: fc.integer({ min: 1, max: 1000 }),
  windowMs: fc.integer({ min: 1000, max: 86_400_000 }),
  onFailure: fc.constantFrom("skip", "retry", "hold"),
  retryCount: fc.integer({ min: 1, max: 1000 }),
}, { requiredKeys: ["id", "path"] });

Deno.test("readWindowsRegistry() gives what readRegistry() gives when both say the same", async () => {
  const lists = fc.uniqueArray(plugin, { maxLength: 4, selector: ({ id }) => id });
  await fc.assert(
    fc.asyncProperty(lists, async (plugins) => {
      const file = join(FOLDER, "registry.json");
      await Deno.writeTextFile(file, JSON.stringify({ plugins }));
      const fromFile = await readRegistry(file);
      const fromWindows = await read(fakeWindowsRegistry(plugins, FOLDER));
      assertEquals(JSON.stringify(fromWindows.plugins), JSON.stringify(fromFile.plugins));
      assertEquals(fromWindows.source, "HKLM\\SOFTWARE\\Onhook\\Plugins");
    }),
    { numRuns: 50 },
  );
});

Deno.test("readWindowsRegistry() takes a path without a key, and its settings when it has one", async () => {
  const hive = new MemoryHive();
  hive.setValue(PLUGINS, "pluginpath", textValue(` ${MODULE} ;`.replace(";", "")));
  const [bare] = (await read(hive)).plugins;
  assertEquals([bare!.id, bare!.path, bare!.timeoutMs, bare!.enabled], ["a", MODULE, 5000, true]);
  hive.setValue(`${PLUGINS}\\A`, "timeoutms", numberValue(10));
  assertEquals((await read(hive)).plugins[0]!.timeoutMs, 10);
});

Deno.test("readWindowsRegistry() tells every wrong value at once with its place", async () => {
  const problems = await problemsWith((hive) => {
    hive.setValue(`${PLUGINS}\\a`, "TimeoutMs", textValue("5000"));
    hive.setValue(`${PLUGINS}\\a`, "MemoryMb", numberValue(1));
    hive.setValue(`${PLUGINS}\\a`, "Enabled", numberValue(2));
    hive.setValue(`${PLUGINS}\\a`, "OnFailure", raw(REGISTRY_TYPES.REG_EXPAND_SZ, [0, 0]));
    hive.setValue(`${PLUGINS}\\a`, "TimeoutMS2", numberValue(1));
    hive.setValue(
      `${PLUGINS}\\b`,
      "Permissions",
      textValue('{ "run": ["x"], "net": ["http://x"] }'),
    );
    hive.setValue(`${PLUGINS}\\b`, "Config", textValue("{ "));
    hive.setValue(`${PLUGINS}\\b`, "Path", textValue("a.ts"));
  });
  assertEquals(problems, [
    "P\\a!Enabled: 2 -> a REG_DWORD with 0 or 1",
    "P\\a!TimeoutMs: a REG_SZ -> a REG_DWORD",
    "P\\a!OnFailure: a REG_EXPAND_SZ -> a REG_SZ",
    'P\\a!TimeoutMS2: the value "TimeoutMS2" -> TimeoutMs',
    "P\\b!Config, 1:3: the end of the file -> a closing brace }",
    'P\\b!Path: "a.ts" -> the absolute path of the plugin\'s module',
    "P\\a!MemoryMb: 1 -> a whole number of mebibytes from 32 to 4096",
    'P\\b!Permissions, run (1:3): the key "run" -> no such key: a program that a plugin starts ' +
    "would be outside its permissions",
    'P\\b!Permissions, net[0] (1:25): "http://x" -> host, host:port, an IP address, [IPv6]:port ' +
    'or *.domain, such as "example.com:443", without "http://"',
  ]);
});

Deno.test("readWindowsRegistry() refuses a PluginPath that is of no use", async () => {
  const list = 'a REG_SZ with the ids of the plugins in call order, ";" between them';
  const of = (value: RegistryValue) =>
    problemsWith((hive) => hive.setValue(PLUGINS, "PluginPath", value));
  assertEquals(await of(raw(7, [97, 0, 0, 0, 0, 0])), [`P!PluginPath: a REG_MULTI_SZ -> ${list}`]);
  assertEquals(await of(raw(1, [97, 0, 98])), [
    `P!PluginPath: 3 bytes -> ${list} of UTF-16, two bytes a unit`,
  ]);
  assertEquals(await of(textValue("a\0b")), [
    `P!PluginPath: "a" and more behind a NUL -> ${list} without`,
  ]);
  assertEquals(await of(textValue(" ; a")), [
    'P!PluginPath, entry 1: an empty entry -> a plugin\'s id or path between two ";", or one ";" less',
  ]);
  assertEquals(await of(textValue("  ")), [
    'P!PluginPath: no entry, although there are the keys "a","b" -> their names, or no such keys',
  ]);
  assertEquals(await of(textValue(`a;${"b;".repeat(20_000)}`)), [
    `P!PluginPath: 80006 bytes -> ${list} of at most 65534 bytes`,
  ]);
  assertEquals(
    (await of(textValue("a; b ;A b;a;c")))
      .map((line) => line.split(" -> ")[0]),
    [
      'P!PluginPath, entry 3: "A b"',
      'P!PluginPath, entry 5: "c", which has no key',
      'P!PluginPath: "a" once more',
    ],
  );
});

Deno.test("readWindowsRegistry() wants the key, the folder and the modules to be there", async () => {
  const none = await assertRejects(() => read(new MemoryHive()), InputError);
  assertEquals(none.problems.map(({ place, found }) => [place, found]), [
    ["HKLM\\SOFTWARE\\Onhook\\Plugins!PluginPath", "nothing"],
  ]);
  const problems = await problemsWith((hive) => {
    hive.setValue(PLUGINS, "BaseFolder", textValue(join(FOLDER, "none")));
    hive.setValue(`${PLUGINS}\\b`, "Path", textValue(join(FOLDER, "b.ts")));
  });
  assertEquals(problems, [
    'P!BaseFolder: no folder "DIR/none" -> a folder that is there: the plugins\' relative paths ' +
    "start from it",
    'P\\b!Path: no file "DIR/b.ts" -> a module file, or "enabled": false until it is there',
  ]);
});

Deno.test("readWindowsRegistry() refuses a write grant that reaches a module", async () => {
  const problems = await problemsWith((hive) => {
    hive.setValue(`${PLUGINS}\\a`, "Permissions", textValue('{"write":["."]}'));
  });
  assertEquals(problems.length, 1);
  assertEquals(problems[0]!.startsWith("P\\a!Permissions, write[0] (1:11): "), true, problems[0]);
});
