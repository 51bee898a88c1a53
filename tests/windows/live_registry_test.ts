/** A running host takes up edits of the Windows registry, and keeps what was right before. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { editWindowsRegistry } from "../../host/registry/edit_windows_registry.ts";
import { ONHOOK_KEYS } from "../../host/windows/onhook_keys.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { HostProcess } from "../support/host_process.ts";
import { TestWorld } from "../support/test_world.ts";
import { numberValue, textValue } from "../../host/windows/registry_values.ts";
import { testWhere } from "../support/test_where.ts";

const { plugins } = ONHOOK_KEYS;
const MODULE = fromFileUrl(new URL("../support/plugins/recorder.ts", import.meta.url));

/** Writes a recorder of this id as an administrator would with an editor of the registry. */
function write(id: string, folder: string): void {
  const key = `${plugins}\\${id}`;
  const file = join(folder, "records.jsonl");
  systemHive.setValue(key, "Path", textValue(MODULE));
  systemHive.setValue(key, "Permissions", textValue(JSON.stringify({ write: [file] })));
  systemHive.setValue(key, "Config", textValue(JSON.stringify({ file })));
}

function removeAll(): void {
  for (const id of systemHive.key(plugins)?.subkeys ?? []) {
    systemHive.deleteKey(`${plugins}\\${id}`);
  }
  systemHive.deleteKey(plugins);
}

const list = (text: string): void => systemHive.setValue(plugins, "PluginPath", textValue(text));

/** Who has got each event, in the order of the calls, by sequence. */
function calls(world: TestWorld): string[] {
  const by = new Map<number, string>();
  for (const { plugin, event } of world.recorded()) {
    by.set(event.sequence, (by.get(event.sequence) ?? "") + plugin);
  }
  return [...by].toSorted(([left], [right]) => left - right).map(([, order]) => order);
}

testWhere(
  "spareMachine",
  "a host calls plugins in the order of PluginPath, also after it was changed, and loses nothing",
  async () => {
    await using world = await TestWorld.make([]);
    removeAll();
    systemHive.setValue(plugins, "BaseFolder", textValue(world.folder));
    for (const id of ["a", "b", "c"]) write(id, world.folder);
    list("b ; a");
    const places = { folder: world.folder, journal: world.journal, registry: "windows" };
    await using host = await HostProcess.start(places);
    await world.play({ count: 3, seed: 1 });
    const settled = (id: string, events: number) => () => world.distinct(id) >= events;
    await host.until(settled("a", 5), "a has the first events");
    assertEquals(new Set(calls(world)), new Set(["ba"]));
    const first = world.distinct("a");

    // What is wrong is told, and the list that was right stays in force.
    list("c;;a");
    await host.untilLog(({ message }) => message.includes("an empty entry"), "the mistake is told");
    systemHive.setValue(`${plugins}\\c`, "TimeoutMs", textValue("1000"));
    list("c;a;b");
    await host.untilLog(({ message }) => message.includes("TimeoutMs"), "the next one is told");
    await world.play({ count: 3, seed: 2 });
    await host.until(settled("a", first + 5), "a has the events that came meanwhile");
    assertEquals(new Set(calls(world)), new Set(["ba"]));
    const second = world.distinct("a");

    systemHive.setValue(`${plugins}\\c`, "TimeoutMs", numberValue(60_000));
    await host.untilLog(({ message }) => message.includes("added c"), "c is taken up");
    const place = { hive: systemHive, standardFolder: world.folder };
    await editWindowsRegistry({ kind: "remove", id: "b" }, place);
    await host.untilLog(({ message }) => message.includes("removed b"), "b is let go");
    await world.play({ count: 3, seed: 3 });
    await host.until(() => calls(world).at(-1) === "ca", "the new order is in force");
    await host.until(settled("a", second + 5), "a has all events");
    const sequences = world.recorded("a").map(({ event }) => event.sequence).toSorted((x, y) =>
      x - y
    );
    assertEquals(sequences, sequences.map((_, index) => sequences[0]! + index), "none is missing");
    removeAll();
  },
);
