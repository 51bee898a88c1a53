import { dirname, join, resolve } from "@std/path";
import { type Clock, systemClock } from "../internal/clock.ts";
import { InputError } from "../internal/errors.ts";
import { invariant } from "../internal/invariant.ts";
import { withFileLock } from "./_file_lock.ts";
import { moduleFileProblems } from "./_module_files.ts";
import { EDIT_ACTION, editFailure, type LooseList, placedEdit } from "./_placed_edit.ts";
import { replaceFile } from "./_replace_file.ts";
import { writeGuardProblems } from "./_write_guard.ts";
import { describeValue } from "./describe_value.ts";
import { editRegistryText, type RegistryTextEdit } from "./edit_registry_text.ts";
import { readJsoncDocument } from "./jsonc_document.ts";
import { type ParsedRegistry, parseRegistry } from "./parse_registry.ts";
import { REGISTRY_BYTES_MAX } from "./read_registry.ts";
import { readTextFile } from "./read_text_file.ts";
import { onhookPlaces } from "../windows/onhook_places.ts";
import { PLUGINS_KEY } from "./windows_registry_document.ts";
import { editWindowsRegistry } from "./edit_windows_registry.ts";
import { WINDOWS_REGISTRY } from "./registry_location.ts";
import type { PluginInput, Registry } from "./registry_schema.ts";
import { windowsRegistryPlace } from "./windows_registry_place.ts";

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

/** The list of a registry whose entries may be wrong in any way but that there is no list. */
interface LooseRegistry extends LooseList {
  readonly value: { readonly plugins: readonly unknown[] };
}

function looseRegistry(text: string, source: string): LooseRegistry {
  const document = readJsoncDocument(text, source);
  if (document.problems.length > 0) throw new InputError(EDIT_ACTION, document.problems);
  const plugins = document.valueAt(["plugins"]);
  if (!Array.isArray(plugins)) {
    throw editFailure(
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
  return { source, place: "plugins", value: document.value as LooseRegistry["value"], ids };
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
    `${EDIT_ACTION}, which would be wrong after the change; places are those after it`,
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
      action: EDIT_ACTION,
      missing: "a registry file; name another one with --registry=PATH",
      bytesMax: REGISTRY_BYTES_MAX,
    });
  const original = await read();
  const mark = original.startsWith("\ufeff") ? "\ufeff" : "";
  const text = original.slice(mark.length);
  const loose = looseRegistry(text, source);
  const textEdit = placedEdit(loose, edit);
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
    throw editFailure(
      source,
      "the file",
      "a change by somebody else meanwhile",
      "the command once more",
    );
  }
  await replaceFile(real, mark + edited);
  return { changed: true, registry };
}

/** The registry knows no locks; where the installer has made our folder, a file there is one. */
async function editLockedWindows(
  edit: RegistryEdit,
  lockWaitMs: number,
  clock: Clock,
): Promise<RegistryChange> {
  const run = () => editWindowsRegistry(edit, windowsRegistryPlace());
  const { stateFolder } = onhookPlaces();
  const stat = await Deno.stat(stateFolder).catch(() => undefined);
  if (!stat?.isDirectory) return await run();
  const change = await withFileLock(join(stateFolder, "plugin-list"), lockWaitMs, clock, run);
  if (change !== undefined) return change;
  const found = `another command that has been changing it for ${lockWaitMs} ms`;
  throw editFailure(PLUGINS_KEY, "the key", found, "the command once more when that one has ended");
}

/**
 * Changes the registry file in one step: it holds the old or the new text, never something in
 * between, and two changes at a time come one after the other. Comments and every other character
 * stay as they are. The result is checked before it is written.
 *
 * @param path Path of the file; `windows` is the Windows registry.
 * @param edit What to change.
 * @throws {InputError} When there is no such plugin or place, when the registry would be wrong
 * afterwards, when the file cannot be read or written, or when it stays locked.
 */
export async function editRegistry(
  path: string,
  edit: RegistryEdit,
  options: EditRegistryOptions = {},
): Promise<RegistryChange> {
  const { lockWaitMs = 5000, clock = systemClock } = options;
  if (path === WINDOWS_REGISTRY) return await editLockedWindows(edit, lockWaitMs, clock);
  const source = resolve(path);
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
      throw editFailure(source, "the file", "no such file", wanted);
    }
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      const found = `a file or folder that may not be written (${error.message})`;
      throw editFailure(source, "the file", found, "write access to the file and its folder");
    }
    throw error;
  }
  const found = `another command that has been changing it for ${lockWaitMs} ms`;
  throw editFailure(source, "the file", found, "the command once more when that one has ended");
}
