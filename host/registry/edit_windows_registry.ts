import { isAbsolute, resolve } from "@std/path";
import { InputError, type Problem } from "../internal/errors.ts";
import { MemoryHive } from "../windows/memory_hive.ts";
import { ONHOOK_KEYS } from "../windows/onhook_keys.ts";
import type { RegistryHive, RegistryValue } from "../windows/registry_hive.ts";
import { registryText } from "../windows/registry_text.ts";
import { type RegistryWrite, writeRegistry } from "../windows/registry_write.ts";
import { moduleFileProblems } from "./_module_files.ts";
import { EDIT_ACTION, editFailure, type LooseList, placedEdit } from "./_placed_edit.ts";
import { PLUGIN_ID_REGEXP } from "./_value_rules.ts";
import { WINDOWS_VALUES, type WindowsValueKind } from "./_windows_values.ts";
import { textOfValue } from "./_windows_value.ts";
import { writeGuardProblems } from "./_write_guard.ts";
import { describeValue } from "./describe_value.ts";
import type { RegistryChange, RegistryEdit } from "./edit_registry.ts";
import type { RegistryTextEdit } from "./edit_registry_text.ts";
import { pluginIdOf } from "./plugin_id_of.ts";
import { parseWindowsRegistry } from "./read_windows_registry.ts";
import { type PluginInput, registrySchema } from "./registry_schema.ts";
import {
  PLUGIN_PATH_UNITS_MAX,
  PLUGINS_KEY,
  WINDOWS_REGISTRY_SOURCE,
} from "./windows_registry_document.ts";
import { copyKey } from "../windows/copy_key.ts";
import { editPathList } from "../windows/edit_path_list.ts";
import { pathListEntries } from "../windows/path_list_entries.ts";
import { numberValue, textValue } from "../windows/registry_values.ts";

/** Where the Windows registry is changed. */
export interface EditWindowsRegistryOptions {
  /** The registry; the machine's, or one in memory. */
  readonly hive: RegistryHive;
  /** Where relative paths start from when the registry does not say, absolute. */
  readonly standardFolder: string;
}

const PATH_VALUE = "PluginPath";
const ENABLED = WINDOWS_VALUES.find(({ key }) => key === "enabled")!.name;
const keyOf = (id: string): string => `${ONHOOK_KEYS.plugins}\\${id}`;

/** The list as it stands, which may name plugins that are wrong in any way. */
function pluginPath(hive: RegistryHive): { text: string; raw: RegistryValue | undefined } {
  const raw = hive.value(ONHOOK_KEYS.plugins, PATH_VALUE);
  if (raw === undefined) return { text: "", raw };
  const read = textOfValue(raw, "REG_SZ", PLUGIN_PATH_UNITS_MAX);
  if (read.wrong === undefined) return { text: read.text, raw };
  const { found, wanted } = read.wrong;
  throw editFailure(WINDOWS_REGISTRY_SOURCE, `${PLUGINS_KEY}!${PATH_VALUE}`, found, wanted);
}

function idOfEntry(entry: string): string | undefined {
  if (PLUGIN_ID_REGEXP.test(entry)) return entry;
  return isAbsolute(entry) ? pluginIdOf(entry) : undefined;
}

function valueOf(kind: WindowsValueKind, given: unknown): RegistryValue {
  if (kind === "json") return textValue(JSON.stringify(given));
  return kind === "text" ? textValue(given as string) : numberValue(Number(given));
}

/** What the values of a new entry are; what the schema refuses cannot even be written. */
function valuesOf(entry: PluginInput, baseFolder: string): [string, RegistryValue][] {
  const shape = registrySchema.shape.plugins.element.shape;
  const problems: Problem[] = [];
  const given = Object.entries(entry).filter(([, value]) => value !== undefined);
  for (const [key, value] of given) {
    for (const issue of shape[key as keyof PluginInput].safeParse(value).error?.issues ?? []) {
      const place = [key, ...issue.path].join(".");
      const found = describeValue(issue.path.reduce<unknown>(stepInto, value));
      problems.push({ source: "the new plugin", place, found, wanted: issue.message });
    }
  }
  if (problems.length > 0) throw new InputError(EDIT_ACTION, problems);
  const absolute = { ...entry, path: resolve(baseFolder, entry.path) };
  return WINDOWS_VALUES.flatMap(({ key, name, kind }) => {
    const value = absolute[key as keyof PluginInput];
    return value === undefined ? [] : [[name, valueOf(kind, value)]];
  });
}

function stepInto(value: unknown, step: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | undefined)?.[step];
}

/** Values of a key that is listed no more would mix with those of a new plugin of its name. */
function clearing(hive: RegistryHive, id: string): RegistryWrite[] {
  const key = hive.key(keyOf(id));
  return [...key?.values.keys() ?? []].map((name) => ({
    kind: "deleteValue",
    key: keyOf(id),
    name,
  }));
}

function writesOf(
  hive: RegistryHive,
  text: string,
  edit: RegistryEdit,
  placed: RegistryTextEdit,
  baseFolder: string,
): RegistryWrite[] {
  const set = (key: string, name: string, value: RegistryValue): RegistryWrite => ({
    kind: "setValue",
    key,
    name,
    value,
  });
  const setPath = (list: string): RegistryWrite[] =>
    list === text && hive.value(ONHOOK_KEYS.plugins, PATH_VALUE) !== undefined
      ? []
      : [set(ONHOOK_KEYS.plugins, PATH_VALUE, textValue(list))];
  const segmentsWithout = (at: number): string => text.split(";").toSpliced(at, 1).join(";");
  if (edit.kind === "add" && placed.kind === "add") {
    const { id } = edit.entry;
    return [
      ...clearing(hive, id),
      ...valuesOf(edit.entry, baseFolder).map(([name, value]) => set(keyOf(id), name, value)),
      // Last, so that the host never sees a plugin that is there by half.
      ...setPath(editPathList.insert(text, placed.at, id)),
    ];
  }
  const id = "id" in edit ? edit.id : "";
  if (placed.kind === "remove") {
    const rest = editPathList.remove(segmentsWithout(placed.at), () => false);
    return [
      ...setPath(rest),
      ...hive.key(keyOf(id)) === undefined ? [] : [{ kind: "deleteKey", key: keyOf(id) } as const],
    ];
  }
  if (placed.kind === "move") {
    const segment = text.split(";")[placed.at] ?? "";
    return setPath(
      segmentsWithout(placed.at).split(";").toSpliced(placed.to, 0, segment).join(";"),
    );
  }
  const { enabled } = placed as { enabled: boolean };
  const before = hive.value(keyOf(id), ENABLED);
  if (before === undefined ? enabled : isEnabled(before) === enabled) return [];
  return [set(keyOf(id), ENABLED, numberValue(Number(enabled)))];
}

function isEnabled({ bytes }: RegistryValue): boolean | undefined {
  if (bytes.length !== 4) return undefined;
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return number > 1 ? undefined : number === 1;
}

/** Takes back what was written, as far as the registry lets it. */
function putBack(hive: RegistryHive, before: RegistryHive, keys: Iterable<string>): void {
  for (const path of keys) {
    const key = before.key(path);
    for (const name of hive.key(path)?.values.keys() ?? []) {
      if (before.value(path, name) === undefined) hive.deleteValue(path, name);
    }
    if (key === undefined) hive.deleteKey(path);
    else for (const [name, value] of key.values) hive.setValue(path, name, value);
  }
}

/**
 * Changes the plugins of the Windows registry. The change is tried on a copy and the result is
 * checked before anything is written; when a write fails, those before it are taken back. Spacing in
 * `PluginPath` stays as it is.
 *
 * @throws {InputError} When there is no such plugin or place, or when the registry would be wrong
 * afterwards.
 * @throws {NativeError} When the registry cannot be read or written.
 */
export async function editWindowsRegistry(
  edit: RegistryEdit,
  options: EditWindowsRegistryOptions,
): Promise<RegistryChange> {
  const { hive, standardFolder } = options;
  const before = new MemoryHive();
  const after = new MemoryHive();
  copyKey(hive, ONHOOK_KEYS.plugins, before);
  copyKey(before, ONHOOK_KEYS.plugins, after);
  const { text, raw } = pluginPath(before);
  const ids = pathListEntries(text).map(idOfEntry);
  const loose: LooseList = { source: WINDOWS_REGISTRY_SOURCE, place: PATH_VALUE, ids };
  const { baseFolder } = parseWindowsRegistry({ hive: before, standardFolder });
  const writes = writesOf(before, text, edit, placedEdit(loose, edit), baseFolder);
  for (const write of writes) writeRegistry(after, write);
  const parsed = parseWindowsRegistry({ hive: after, standardFolder });
  const placed = [...parsed.problems, ...await writeGuardProblems(parsed)];
  if (edit.kind === "add") {
    const added = parsed.modules.filter(({ at }) =>
      parsed.document.valueAt(["plugins", Number(at[1]), "id"]) === edit.entry.id
    );
    placed.push(...await moduleFileProblems({ ...parsed, modules: added }));
  }
  if (parsed.registry === undefined || placed.length > 0) {
    throw new InputError(
      `${EDIT_ACTION}, which would be wrong after the change`,
      placed.toSorted((left, right) => left.offset - right.offset).map(({ problem }) => problem),
    );
  }
  const now = hive.value(ONHOOK_KEYS.plugins, PATH_VALUE);
  if (now?.bytes.toHex() !== raw?.bytes.toHex()) {
    const found = `a change by somebody else meanwhile (${
      describeValue(now && registryText(now).text)
    })`;
    throw editFailure(
      WINDOWS_REGISTRY_SOURCE,
      `${PLUGINS_KEY}!${PATH_VALUE}`,
      found,
      "the command once more",
    );
  }
  try {
    for (const write of writes) writeRegistry(hive, write);
  } catch (error) {
    putBack(hive, before, new Set(writes.map(({ key }) => key)));
    throw error;
  }
  return { changed: writes.length > 0, registry: parsed.registry };
}
