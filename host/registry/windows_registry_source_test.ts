import { assertEquals } from "@std/assert";
import { FakeClock } from "../internal/_fake_clock.ts";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { WindowsRegistrySource } from "./windows_registry_source.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";

function watched() {
  const hive = new MemoryHive();
  const clock = new FakeClock();
  const ended = new AbortController();
  const source = new WindowsRegistrySource({ hive, standardFolder: "/" }, clock);
  const changes = source.changes(ended.signal)[Symbol.asyncIterator]();
  return { hive, clock, ended, changes };
}

Deno.test("WindowsRegistrySource.changes() yields when the list or a plugin's value changes", async () => {
  const { hive, clock, ended, changes } = watched();
  hive.makeKey(ONHOOK_KEYS.plugins);
  await changes.next();
  // A change right behind the yield, before anybody waits, is told as well.
  hive.setValue(ONHOOK_KEYS.plugins, "PluginPath", textValue("a"));
  await changes.next();
  const next = changes.next();
  hive.setValue(`${ONHOOK_KEYS.plugins}\\a`, "TimeoutMs", numberValue(10));
  assertEquals((await next).done, false);
  ended.abort();
  assertEquals((await changes.next()).done, true);
  assertEquals([hive.watches, clock.timers], [0, 0]);
});

Deno.test("WindowsRegistrySource.changes() looks from time to time when there is no key to watch", async () => {
  const { clock, ended, changes } = watched();
  await changes.next();
  for (let i = 0; i < 3; i++) {
    const next = changes.next();
    await clock.advance(2000);
    assertEquals((await next).done, false);
  }
  ended.abort();
  assertEquals((await changes.next()).done, true);
});
