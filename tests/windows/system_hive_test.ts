/** The machine's registry, through Windows itself. */
import { assertEquals } from "@std/assert";
import { testWhere } from "../support/test_where.ts";
import { registryText } from "../../host/windows/registry_text.ts";
import { systemHive } from "../../host/windows/system_hive.ts";
import { numberValue, textValue } from "../../host/windows/registry_values.ts";

const KEY = "SOFTWARE\\OnhookTest";

function removeKey(path: string): void {
  for (const subkey of systemHive.key(path)?.subkeys ?? []) removeKey(`${path}\\${subkey}`);
  systemHive.deleteKey(path);
}

testWhere("windows", "systemHive keeps what is written and tells what is not there", () => {
  removeKey(KEY);
  assertEquals([systemHive.key(KEY), systemHive.value(KEY, "a")], [undefined, undefined]);
  systemHive.deleteValue(KEY, "a");
  systemHive.setValue(`${KEY}\\One\\Two`, "Text", textValue("ä;\ud83d\udcde"));
  systemHive.setValue(`${KEY}\\One`, "Number", numberValue(4_000_000_000));
  systemHive.setValue(`${KEY}\\One`, "Long", textValue("x".repeat(5000)));
  assertEquals(systemHive.key(KEY)!.subkeys, ["One"]);
  const one = systemHive.key(`${KEY}\\ONE`)!;
  assertEquals([...one.values.keys()].toSorted(), ["Long", "Number"]);
  assertEquals(one.values.get("Number"), numberValue(4_000_000_000));
  assertEquals(one.values.get("Long"), textValue("x".repeat(5000)));
  const text = systemHive.value(`${KEY}\\One\\Two`, "TEXT")!;
  assertEquals(registryText(text), { text: "ä;\ud83d\udcde", rest: "\0" });
  systemHive.deleteValue(`${KEY}\\One`, "number");
  assertEquals(systemHive.value(`${KEY}\\One`, "Number"), undefined);
  removeKey(KEY);
  assertEquals(systemHive.key(KEY), undefined);
});

testWhere("windows", "systemHive keeps bytes as they are, also those of no whole text", () => {
  const odd = { type: 1, bytes: new Uint8Array([65, 0, 66]), size: 3 };
  const noEnd = textValue("no end", "");
  const two = textValue("two", "\0\0");
  for (const value of [odd, noEnd, two, { type: 7, bytes: new Uint8Array(0), size: 0 }]) {
    systemHive.setValue(KEY, "v", value);
    assertEquals(systemHive.value(KEY, "v"), value);
  }
  const large = { type: 3, bytes: new Uint8Array(1024 * 1024 + 1), size: 1024 * 1024 + 1 };
  systemHive.setValue(KEY, "v", large);
  assertEquals(systemHive.value(KEY, "v"), { ...large, bytes: new Uint8Array(0) });
  removeKey(KEY);
});

testWhere(
  "windows",
  "systemHive.watch() tells of a change below a key, and ends when it is closed",
  async () => {
    assertEquals(systemHive.watch(`${KEY}\\none`), undefined);
    systemHive.makeKey(KEY);
    const watch = systemHive.watch(KEY)!;
    systemHive.setValue(`${KEY}\\below`, "a", numberValue(1));
    await watch.changed;
    watch.close();
    const value = systemHive.watch(KEY)!;
    systemHive.setValue(`${KEY}\\below`, "a", numberValue(2));
    await value.changed;
    const closed = systemHive.watch(KEY)!;
    closed.close();
    await closed.changed;
    const removed = systemHive.watch(KEY)!;
    removeKey(KEY);
    await removed.changed;
  },
);
