import { isAbsolute } from "@std/path";
import type { Problem } from "../internal/errors.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import type { RegistryHive, RegistryKey, RegistryValue } from "../windows/registry_hive.ts";
import { PLUGIN_ID_REGEXP, PLUGIN_ID_WANTED } from "./_value_rules.ts";
import { readWindowsValue, textOfValue, type WrongValue } from "./_windows_value.ts";
import { WINDOWS_VALUES } from "./_windows_values.ts";
import { closestName } from "./closest_name.ts";
import { describeValue } from "./describe_value.ts";
import type { JsoncDocument, JsonPath } from "./jsonc_document.ts";
import { pluginIdOf } from "./plugin_id_of.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";

/** What problems of the Windows registry call it. */
export const WINDOWS_REGISTRY_SOURCE = "Windows registry";
/** The key of the plugins as people write it. */
export const PLUGINS_KEY = `HKLM\\${ONHOOK_KEYS.plugins}`;
/** Longest `PluginPath`, in UTF-16 units. */
export const PLUGIN_PATH_UNITS_MAX = 32_766;

const PATH_PLACE = `${PLUGINS_KEY}!PluginPath`;
const FOLDER_PLACE = `${PLUGINS_KEY}!BaseFolder`;
const LIST_VALUES = ["PluginPath", "BaseFolder"];
const LIST_WANTED = 'a REG_SZ with the ids of the plugins in call order, ";" between them';
/** Offsets only put problems into an order: plugin, then value, then place in the value. */
const PLUGIN_STEP = 2 ** 32;
const VALUE_STEP = 2 ** 24;

/** The plugins of the Windows registry as a document like the registry file's. */
export interface WindowsRegistryDocument extends JsoncDocument {
  /** Absolute folder that relative paths start from. */
  readonly baseFolder: string;
  /** The places that `problems` tells of; the schema's words on them would be the second ones. */
  readonly brokenPlaces: ReadonlySet<string>;
}

interface Slot {
  readonly place: string;
  readonly document?: JsoncDocument | undefined;
}

/** One plugin of the list. */
interface Plugin {
  readonly value: Record<string, unknown>;
  readonly place: string;
  readonly slots: ReadonlyMap<string, Slot>;
}

class Reading {
  readonly problems: { offset: number; problem: Problem }[] = [];
  readonly brokenPlaces = new Set<string>();

  add(place: string, { found, wanted }: WrongValue): void {
    this.brokenPlaces.add(place);
    this.problems.push({
      offset: this.problems.length,
      problem: { source: WINDOWS_REGISTRY_SOURCE, place, found, wanted },
    });
  }

  /** Values that nobody reads: most of them are mistyped names. */
  addUnknown(place: string, key: RegistryKey, known: readonly string[]): void {
    for (const name of key.values.keys()) {
      if (name === "" || known.some((other) => isSameName(other, name))) continue;
      const closest = closestName(name, known);
      const wanted = closest ?? `one of ${known.join(", ")}`;
      this.add(`${place}!${name}`, { found: `the value ${describeValue(name)}`, wanted });
    }
  }

  entries(key: RegistryKey | undefined): string[] {
    const value = key && valueOf(key, "PluginPath");
    if (value === undefined) {
      const wanted = `${LIST_WANTED}; deno task install and deno task plugin add make it`;
      this.add(PATH_PLACE, { found: "nothing", wanted });
      return [];
    }
    const read = textOfValue(value, LIST_WANTED.slice(2), PLUGIN_PATH_UNITS_MAX);
    if (read.wrong !== undefined) {
      this.add(PATH_PLACE, read.wrong);
      return [];
    }
    const entries = pathListEntries(read.text);
    const unlisted = key?.subkeys ?? [];
    if (entries.length === 0 && unlisted.length > 0) {
      const found = `no entry, although there are the keys ${unlisted.map(describeValue).join()}`;
      this.add(PATH_PLACE, { found, wanted: "their names, or no such keys" });
    }
    return entries;
  }

  baseFolder(key: RegistryKey | undefined, standard: string): string {
    const value = key && valueOf(key, "BaseFolder");
    if (value === undefined) return standard;
    const read = textOfValue(value, "REG_SZ with the absolute path of a folder");
    if (read.wrong !== undefined) this.add(FOLDER_PLACE, read.wrong);
    else if (isAbsolute(read.text)) return read.text;
    else {
      const wanted = "the absolute path of a folder";
      this.add(FOLDER_PLACE, { found: describeValue(read.text), wanted });
    }
    return standard;
  }

  plugin(entry: string, index: number, hive: RegistryHive): Plugin | undefined {
    const place = `${PATH_PLACE}, entry ${index + 1}`;
    const isId = PLUGIN_ID_REGEXP.test(entry);
    if (!isId && !isAbsolute(entry)) {
      const wanted = entry === ""
        ? `a plugin's id or path between two ";", or one ";" less`
        : `a plugin's id (${PLUGIN_ID_WANTED}) or the absolute path of its module`;
      this.add(place, { found: entry === "" ? "an empty entry" : describeValue(entry), wanted });
      return undefined;
    }
    const id = isId ? entry : pluginIdOf(entry);
    const key = hive.key(`${ONHOOK_KEYS.plugins}\\${id}`);
    if (isId && key === undefined) {
      const found = `${describeValue(id)}, which has no key`;
      this.add(place, { found, wanted: `the key ${PLUGINS_KEY}\\${id} with the value Path` });
      return undefined;
    }
    const plugin = this.#values(id, key);
    if (!isId) this.#takePath(plugin, entry, place);
    return plugin;
  }

  #values(id: string, key: RegistryKey | undefined): Plugin {
    const place = `${PLUGINS_KEY}\\${id}`;
    const value: Record<string, unknown> = { id };
    const slots = new Map<string, Slot>();
    for (const { key: name, name: valueName, kind } of WINDOWS_VALUES) {
      const slot: { place: string; document?: JsoncDocument | undefined } = {
        place: `${place}!${valueName}`,
      };
      slots.set(name, slot);
      const found = key && valueOf(key, valueName);
      if (found === undefined) continue;
      const read = readWindowsValue(found, kind, slot.place);
      if (read.wrong !== undefined) {
        this.add(slot.place, read.wrong);
        continue;
      }
      slot.document = read.document;
      for (const { place: at, found, wanted } of read.document?.problems ?? []) {
        this.brokenPlaces.add(slot.place);
        this.add(`${slot.place}, ${at}`, { found, wanted });
      }
      if (read.value !== undefined) value[name] = read.value;
    }
    if (key !== undefined) this.addUnknown(place, key, WINDOWS_VALUES.map(({ name }) => name));
    const path = value.path;
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) {
      const found = describeValue(path);
      this.add(`${place}!Path`, { found, wanted: "the absolute path of the plugin's module" });
    }
    return { value, place, slots };
  }

  #takePath({ value, slots }: Plugin, entry: string, place: string): void {
    if (value.path === undefined) {
      value.path = entry;
      (slots as Map<string, Slot>).set("path", { place });
    } else if (value.path !== entry) {
      const found = `${describeValue(entry)}, although ${slots.get("path")?.place} names another`;
      this.add(place, { found, wanted: `the id ${value.id}, or no Path in that key` });
    }
  }
}

const isSameName = (left: string, right: string): boolean =>
  left.toUpperCase() === right.toUpperCase();

function valueOf({ values }: RegistryKey, name: string): RegistryValue | undefined {
  return [...values].find(([other]) => isSameName(other, name))?.[1];
}

function uniquePlugins(plugins: readonly Plugin[], reading: Reading): Plugin[] {
  const seen = new Map<unknown, string>();
  return plugins.filter(({ value: { id }, place }) => {
    const isNew = !seen.has(id);
    if (!isNew) {
      const wanted = "each plugin once";
      reading.add(PATH_PLACE, { found: `${describeValue(id)} once more`, wanted });
    }
    seen.set(id, place);
    return isNew;
  });
}

/**
 * Reads the plugins of the Windows registry. Finds everything that is wrong with the form of it at
 * once and does not throw for that; what the values mean is the schema's to check.
 *
 * @param hive The registry.
 * @param standardFolder Where relative paths start from when there is no `BaseFolder`.
 * @throws {NativeError} When the registry cannot be read.
 */
export function windowsRegistryDocument(
  hive: RegistryHive,
  standardFolder: string,
): WindowsRegistryDocument {
  const reading = new Reading();
  const key = hive.key(ONHOOK_KEYS.plugins);
  const entries = reading.entries(key);
  const baseFolder = reading.baseFolder(key, standardFolder);
  if (key !== undefined) reading.addUnknown(PLUGINS_KEY, key, LIST_VALUES);
  const found = entries.map((entry, index) => reading.plugin(entry, index, hive));
  const plugins = uniquePlugins(found.filter((plugin) => plugin !== undefined), reading);
  const value = { plugins: plugins.map(({ value }) => value) };
  return {
    ...lookUps(value, plugins),
    value,
    problems: reading.problems.map(({ problem }) => problem),
    brokenPlaces: reading.brokenPlaces,
    baseFolder,
  };
}

type LookUps = Pick<JsoncDocument, "offsetOf" | "offsetOfKey" | "placeOf" | "valueAt">;

function lookUps(value: unknown, plugins: readonly Plugin[]): LookUps {
  /** The plugin, value and place in the value that a path leads to. */
  const partsOf = (path: JsonPath) => {
    const plugin = typeof path[1] === "number" ? plugins[path[1]] : undefined;
    const slot = plugin?.slots.get(String(path[2]));
    return { plugin, slot, rest: path.slice(3) };
  };
  const offset = (path: JsonPath, inValue: (document: JsoncDocument, at: JsonPath) => number) => {
    const { plugin, slot, rest } = partsOf(path);
    const at = WINDOWS_VALUES.findIndex(({ key }) => key === path[2]) + 1;
    const inside = slot?.document === undefined ? 0 : inValue(slot.document, rest);
    return plugin === undefined ? 0 : Number(path[1]) * PLUGIN_STEP + at * VALUE_STEP + inside;
  };
  return {
    offsetOf: (path) => offset(path, (document, at) => document.offsetOf(at)),
    offsetOfKey: (path) => offset(path, (document, at) => document.offsetOfKey(at)),
    placeOf(path, at) {
      const { plugin, slot, rest } = partsOf(path);
      if (plugin === undefined) return PATH_PLACE;
      if (slot === undefined) return plugin.place;
      if (slot.document === undefined || rest.length === 0) return slot.place;
      const inside = at === undefined ? undefined : at % VALUE_STEP;
      return `${slot.place}, ${slot.document.placeOf(rest, inside)}`;
    },
    valueAt(path) {
      let found: unknown = value;
      for (const step of path) {
        if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return;
        found = (found as Record<PropertyKey, unknown>)[step];
      }
      return found;
    },
  };
}
