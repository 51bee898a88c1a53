import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError, NativeError } from "../internal/errors.ts";
import type { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { registryText } from "../windows/registry_text.ts";
import { windowsCall } from "../windows/windows_call.ts";
import { fakeWindowsRegistry } from "./_fake_windows_registry.ts";
import type { RegistryEdit } from "./edit_registry.ts";
import { editWindowsRegistry } from "./edit_windows_registry.ts";
import { textValue } from "../windows/registry_values.ts";

const FOLDER = await Deno.realPath(await Deno.makeTempDir());
const MODULE = join(FOLDER, "a.ts");
await Deno.writeTextFile(MODULE, "export default {};\n");
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

const PLUGINS = ONHOOK_KEYS.plugins;
const LAST = { kind: "last" } as const;

function three(): MemoryHive {
  return fakeWindowsRegistry(["a", "b", "c"].map((id) => ({ id, path: MODULE })), FOLDER);
}

const edit = (hive: MemoryHive, change: RegistryEdit) =>
  editWindowsRegistry(change, { hive, standardFolder: FOLDER });
const listOf = (hive: MemoryHive): string => registryText(hive.value(PLUGINS, "PluginPath")!).text;

async function problemOf(hive: MemoryHive, change: RegistryEdit): Promise<string> {
  const before = hive.dump();
  const { problems } = await assertRejects(() => edit(hive, change), InputError);
  assertEquals(hive.dump(), before);
  return problems.map(({ place, found, wanted }) => `${place}: ${found} -> ${wanted}`).join("\n");
}

Deno.test("editWindowsRegistry() adds a plugin with its values, and takes it out again", async () => {
  const hive = three();
  const before = hive.dump();
  const { registry } = await edit(hive, {
    kind: "add",
    entry: {
      id: "new",
      path: "./a.ts",
      enabled: false,
      timeoutMs: 10,
      permissions: { net: ["x.example:1"] },
      config: { a: [1] },
    },
    place: { kind: "before", id: "b" },
  });
  assertEquals(listOf(hive), "a ;new; b ; c");
  const added = registry.plugins[1]!;
  assertEquals([added.id, added.path, added.enabled, added.timeoutMs], ["new", MODULE, false, 10]);
  assertEquals([added.permissions.net, added.config.a], [["x.example:1"], [1]]);
  assertEquals(
    [...hive.key(`${PLUGINS}\\new`)!.values.keys()].toSorted(),
    ["Config", "Enabled", "Path", "Permissions", "TimeoutMs"],
  );
  assertEquals((await edit(hive, { kind: "remove", id: "new" })).changed, true);
  assertEquals(hive.dump(), before);
});

Deno.test("editWindowsRegistry() makes the list with the first plugin and empties it with the last", async () => {
  const hive = fakeWindowsRegistry([], FOLDER);
  hive.deleteValue(PLUGINS, "PluginPath");
  await edit(hive, { kind: "add", entry: { id: "a", path: MODULE }, place: LAST });
  assertEquals(listOf(hive), "a");
  const { registry } = await edit(hive, { kind: "remove", id: "a" });
  assertEquals([registry.plugins.length, listOf(hive)], [0, ""]);
});

Deno.test("editWindowsRegistry() moves and switches a plugin and keeps the spacing", async () => {
  const hive = three();
  await edit(hive, { kind: "move", id: "c", place: { kind: "first" } });
  assertEquals(listOf(hive), " c;a ; b ");
  await edit(hive, { kind: "move", id: "a", place: LAST });
  assertEquals(listOf(hive), " c; b ;a ");
  assertEquals((await edit(hive, { kind: "enable", id: "a" })).changed, false);
  const { registry } = await edit(hive, { kind: "disable", id: "a" });
  assertEquals(registry.plugins.map(({ id, enabled }) => `${id} ${enabled}`), [
    "c true",
    "b true",
    "a false",
  ]);
  assertEquals((await edit(hive, { kind: "disable", id: "a" })).changed, false);
  assertEquals((await edit(hive, { kind: "enable", id: "a" })).changed, true);
});

Deno.test("editWindowsRegistry() clears what an earlier plugin of the name left behind", async () => {
  const hive = three();
  hive.setValue(`${PLUGINS}\\old`, "Permissions", textValue('{"net":["evil.example"]}'));
  const { registry } = await edit(hive, {
    kind: "add",
    entry: { id: "old", path: MODULE },
    place: LAST,
  });
  assertEquals(registry.plugins[3]!.permissions.net, []);
});

Deno.test("editWindowsRegistry() refuses what would be wrong and writes nothing", async () => {
  const add = (entry: Record<string, unknown>): RegistryEdit => ({
    kind: "add",
    entry: { id: "n", path: MODULE, ...entry },
    place: LAST,
  });
  assertEquals(
    await problemOf(three(), add({ id: "a" })),
    'the new id: "a", which PluginPath[0] has already -> an id of its own',
  );
  assertEquals(
    await problemOf(three(), add({ timeoutMs: "soon", permissions: { net: ["*"] } })),
    'timeoutMs: "soon" -> a whole number of milliseconds from 10 to 600000\n' +
      'permissions.net.0: "*" -> host, host:port, an IP address, [IPv6]:port or *.domain, such as ' +
      '"example.com:443"; the whole network cannot be granted',
  );
  assertEquals(
    (await problemOf(three(), add({ path: join(FOLDER, "none.ts") }))).split(": no file")[0],
    "HKLM\\SOFTWARE\\Onhook\\Plugins\\n!Path",
  );
  assertEquals(
    await problemOf(three(), { kind: "remove", id: "d" }),
    'PluginPath: no plugin "d" -> "a"',
  );
});

Deno.test("editWindowsRegistry() takes everything back when a write fails", async () => {
  const hive = three();
  const before = hive.dump();
  hive.onChange = (what) => {
    if (what.endsWith("!PluginPath")) windowsCall(5, `write ${what}`);
  };
  const add: RegistryEdit = { kind: "add", entry: { id: "n", path: MODULE }, place: LAST };
  const error = await assertRejects(() => edit(hive, add), NativeError);
  assertEquals(error.details.systemCode, 5);
  hive.onChange = () => {};
  assertEquals(hive.dump(), before);
});
