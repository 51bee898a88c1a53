import { resolve } from "@std/path";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import { WINDOWS_VALUES } from "./_windows_values.ts";
import type { PluginInput } from "./registry_schema.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";

/** Writes plugins as an administrator would, into a registry in memory. */
export function fakeWindowsRegistry(
  plugins: readonly PluginInput[],
  baseFolder: string,
): MemoryHive {
  const hive = new MemoryHive();
  const list = plugins.map(({ id }) => id).join(" ; ");
  hive.setValue(ONHOOK_KEYS.plugins, "PluginPath", textValue(list));
  hive.setValue(ONHOOK_KEYS.plugins, "BaseFolder", textValue(baseFolder));
  for (const plugin of plugins) {
    const key = `${ONHOOK_KEYS.plugins}\\${plugin.id}`;
    for (const { key: name, name: valueName, kind } of WINDOWS_VALUES) {
      const given = plugin[name as keyof PluginInput];
      if (given === undefined) continue;
      const value = kind === "json"
        ? textValue(JSON.stringify(given))
        : kind === "text"
        ? textValue(name === "path" ? resolve(baseFolder, String(given)) : String(given))
        : numberValue(Number(given));
      hive.setValue(key, valueName, value);
    }
  }
  return hive;
}
