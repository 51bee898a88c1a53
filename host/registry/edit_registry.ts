import { dirname, resolve } from "@std/path";
import { type Clock, systemClock } from "../internal/clock.ts";
import { InputError, type Problem } from "../internal/errors.ts";
import { invariant } from "../internal/invariant.ts";
import { withFileLock } from "./_file_lock.ts";
import { moduleFileProblems } from "./_module_files.ts";
import { replaceFile } from "./_replace_file.ts";
import { writeGuardProblems } from "./_write_guard.ts";
import { closestName } from "./closest_name.ts";
import { describeValue } from "./describe_value.ts";
import { editRegistryText, type RegistryTextEdit } from "./edit_registry_text.ts";
import { readJsoncDocument } from "./jsonc_document.ts";
import { type ParsedRegistry, parseRegistry } from "./parse_registry.ts";
import { REGISTRY_BYTES_MAX } from "./read_registry.ts";
import { readTextFile } from "./read_text_file.ts";
import type { PluginInput, Registry } from "./registry_schema.ts";

/** A place in the call order. */
export type RegistryPlace =
  | { readonly kind: "first" }
  | { readonly kind: "last" }
  | { readonly kind: "before"; readonly id: string }
  | { readonly kind: "after"; readonly id: string }
  /** The position that the plugin has afterwards, counted from 1. */
  | { readonly kind: "position"; readonly position: number };

/** A change of the registry. */
export type RegistryEdit =
  | { readonly kind: "add"; readonly entry: PluginInput; readonly place: RegistryPlace }
  | { readonly kind: "remove"; readonly id: string }
  | { readonly kind: "move"; readonly id: string; readonly place: RegistryPlace }
  | { readonly kind: "enable"; readonly id: string }
  | { readonly kind: "disable"; readonly id: string };

/** How the registry is changed. */
export interface EditRegistryOptions {
  /**
   * How long to wait for another change of the same file, in milliseconds.
   *
   * @default {5000}
   */
  readonly lockWaitMs?: number;
  /** The clock to wait by; the machine's when it is missing. */
  readonly clock?: Clock;
}

/** What a change has led to. */
export interface RegistryChange {
  /** Whether the file is another one now. */
  readonly changed: boolean;
  /** The registry after the change. */
  readonly registry: Registry;
}

const ACTION = "Cannot change the registry";

function failure(source: string, place: string, found: string, wanted: string): InputError {
  const problem: Problem = { source, place, found, wanted };
  return new InputError(ACTION, [problem]);
}

/** The list of a registry whose entries may be wrong in any way but that there is no list. */
interface LooseRegistry {
  readonly source: string;
  readonly value: { readonly plugins: readonly unknown[] };
  readonly ids: readonly (string | undefined)[];
}

function looseRegistry(text: string, source: string): LooseRegistry {
  const document = readJsoncDocument(text, source);
  if (document.problems.length > 0) throw new InputError(ACTION, document.problems);
  const plugins = document.valueAt(["plugins"]);
  if (!Array.isArray(plugins)) {
    throw failure(
      source,
      document.placeOf(["plugins"]),
      describeValue(plugins),
      "the list of plugins",
    );
  }
  const ids = plugins.map((_, index) => {
    const id = document.valueAt(["plugins", index, "id"]);
    return typeof id === "string" ? id : undefined;
  });
  return { source, value: document.value as LooseRegistry["value"], ids };
}

function positionOf({ ids, source }: LooseRegistry, id: string): number {
  const at = ids.indexOf(id);
  if (at !== -1) return at;
  const known = ids.filter((other) => other !== undefined);
  const closest = closestName(id, known);
  const wanted = known.length === 0
    ? "the id of a plugin, of which there are none"
    : closest === undefined
    ? `one of ${known.map(describeValue).join(", ")}`
    : describeValue(closest);
  throw failure(source, "plugins", `no plugin ${describeValue(id)}`, wanted);
}

/** The index that an entry has after it was put at a place of a list of `ids`, itself not in it. */
function targetIndex(others: LooseRegistry, place: RegistryPlace): number {
  const places = others.ids.length + 1;
  if (place.kind === "first") return 0;
  if (place.kind === "last") return places - 1;
  if (place.kind === "before") return positionOf(others, place.id);
  if (place.kind === "after") return positionOf(others, place.id) + 1;
  const { position } = place;
  if (Number.isSafeInteger(position) && position >= 1 && position <= places) return position - 1;
  throw failure(
    others.source,
    "the position",
    String(position),
    `a whole number from 1 to ${places}`,
  );
}

function textEditOf(loose: LooseRegistry, edit: RegistryEdit): RegistryTextEdit {
  if (edit.kind === "add") {
    const at = loose.ids.indexOf(edit.entry.id);
    if (at !== -1) {
      const found = `${describeValue(edit.entry.id)}, which plugins[${at}] has already`;
      throw failure(loose.source, "the new id", found, "an id of its own");
    }
    return { kind: "add", at: targetIndex(loose, edit.place), entry: edit.entry };
  }
  const at = positionOf(loose, edit.id);
  if (edit.kind === "remove") return { kind: "remove", at };
  if (edit.kind !== "move") return { kind: "setEnabled", at, enabled: edit.kind === "enable" };
  if ((edit.place.kind === "before" || edit.place.kind === "after") && edit.place.id === edit.id) {
    throw failure(loose.source, "the place", `"${edit.id}" itself`, "the id of another plugin");
  }
  const others = { ...loose, ids: loose.ids.toSpliced(at, 1) };
  return { kind: "move", at, to: targetIndex(others, edit.place) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the file has to say after an edit; the text is held against it before it is written. */
function expectedPlugins(plugins: readonly unknown[], edit: RegistryTextEdit): unknown[] {
  if (edit.kind === "add") return plugins.toSpliced(edit.at, 0, edit.entry);
  const rest = plugins.toSpliced(edit.at, 1);
  const entry = plugins[edit.at];
  if (edit.kind === "remove") return rest;
  if (edit.kind === "move") return rest.toSpliced(edit.to, 0, entry);
  const isEnabled = !isRecord(entry) || entry.enabled === undefined || entry.enabled === true;
  const same = edit.enabled && isEnabled;
  return plugins.with(edit.at, same ? entry : { ...entry as object, enabled: edit.enabled });
}

async function checkedRegistry(parsed: ParsedRegistry, edit: RegistryEdit): Promise<Registry> {
  const placed = [...parsed.problems, ...await writeGuardProblems(parsed)];
  // Otherwise a missing module would keep its own plugin from being removed.
  if (edit.kind === "add") {
    const added = parsed.modules.filter(({ at }) =>
      parsed.document.valueAt(["plugins", Number(at[1]), "id"]) === edit.entry.id
    );
    placed.push(...await moduleFileProblems({ ...parsed, modules: added }));
  }
  if (parsed.registry !== undefined && placed.length === 0) return parsed.registry;
  const problems = placed.toSorted((left, right) => left.offset - right.offset);
  throw new InputError(
    `${ACTION}, which would be wrong after the change; places are those after it`,
    problems.map(({ problem }) => problem),
  );
}

async function editLocked(
  source: string,
  real: string,
  edit: RegistryEdit,
): Promise<RegistryChange> {
  const read = (): Promise<string> =>
    readTextFile(real, {
      action: ACTION,
      missing: "a registry file; name another one with --registry=PATH",
      bytesMax: REGISTRY_BYTES_MAX,
    });
  const original = await read();
  const mark = original.startsWith("\ufeff") ? "\ufeff" : "";
  const text = original.slice(mark.length);
  const loose = looseRegistry(text, source);
  const textEdit = textEditOf(loose, edit);
  const edited = editRegistryText(text, textEdit);
  const parsed = parseRegistry(edited, source, dirname(source));
  const expected = { ...loose.value, plugins: expectedPlugins(loose.value.plugins, textEdit) };
  invariant(
    JSON.stringify(parsed.document.value) === JSON.stringify(expected),
    `the edit "${edit.kind}" of ${source} would change something else; nothing was written`,
  );
  const registry = await checkedRegistry(parsed, edit);
  if (edited === text) return { changed: false, registry };
  // An editor knows nothing of the lock.
  if (await read() !== original) {
    throw failure(
      source,
      "the file",
      "a change by somebody else meanwhile",
      "the command once more",
    );
  }
  await replaceFile(real, mark + edited);
  return { changed: true, registry };
}

/**
 * Changes the registry file in one step: it holds the old or the new text, never something in
 * between, and two changes at a time come one after the other. Comments and every other character
 * stay as they are. The result is checked before it is written.
 *
 * @param path Path of the file.
 * @param edit What to change.
 * @throws {InputError} When there is no such plugin or place, when the registry would be wrong
 * afterwards, when the file cannot be read or written, or when it stays locked.
 */
export async function editRegistry(
  path: string,
  edit: RegistryEdit,
  options: EditRegistryOptions = {},
): Promise<RegistryChange> {
  const source = resolve(path);
  const { lockWaitMs = 5000, clock = systemClock } = options;
  try {
    // A link stays a link: the file that it leads to is changed.
    const real = await Deno.realPath(source).catch(() => source);
    const change = await withFileLock(
      real,
      lockWaitMs,
      clock,
      () => editLocked(source, real, edit),
    );
    if (change !== undefined) return change;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const wanted = "a registry file; name another one with --registry=PATH";
      throw failure(source, "the file", "no such file", wanted);
    }
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      const found = `a file or folder that may not be written (${error.message})`;
      throw failure(source, "the file", found, "write access to the file and its folder");
    }
    throw error;
  }
  const found = `another command that has been changing it for ${lockWaitMs} ms`;
  throw failure(source, "the file", found, "the command once more when that one has ended");
}
