import { dirname, resolve } from "@std/path";
import { pathProblem } from "./_value_rules.ts";
import { describeValue } from "./describe_value.ts";
import { type JsoncDocument, type JsonPath, readJsoncDocument } from "./jsonc_document.ts";
import { type KeyRules, type PlacedProblem, problemsOfIssues } from "./problems_of_issues.ts";
import { PERMISSION_KINDS, type Registry, registrySchema } from "./registry_schema.ts";

/** A path that stands in a registry. */
export interface NamedPath {
  /** Where it stands. */
  readonly at: JsonPath;
  /** The absolute path that it means. */
  readonly path: string;
}

/** A plugin's module that stands in a registry. */
export interface NamedModule extends NamedPath {
  /** Whether its plugin is to be started. */
  readonly enabled: boolean;
}

/** What a registry's text says. */
export interface ParsedRegistry {
  /** The registry, undefined when something is wrong with it. */
  readonly registry: Registry | undefined;
  /** Everything that is wrong with the text, in no order. */
  readonly problems: readonly PlacedProblem[];
  /** The document, for places. */
  readonly document: JsoncDocument;
  /** What the problems call the document. */
  readonly source: string;
  /** The file that it stands in; undefined for the Windows registry. */
  readonly file?: string | undefined;
  /** The plugins' modules, also of those that have another problem. */
  readonly modules: readonly NamedModule[];
  /** What the plugins may write, also of those that have another problem. */
  readonly writable: readonly NamedPath[];
}

const NEVER_GRANTED: Readonly<Record<string, string>> = {
  run: "no such key: a program that a plugin starts would be outside its permissions",
  ffi: "no such key: a library that a plugin loads would be outside its permissions",
  all: 'no such key: permissions are granted one by one, such as "read": ["./data"]',
  import: "no such key: a plugin runs only modules that are on this machine",
};

const keyRules: KeyRules = {
  knownKeys(path) {
    const plugins = registrySchema.shape.plugins.element.shape;
    if (path.length === 0) return Object.keys(registrySchema.shape);
    return path.length === 2 ? Object.keys(plugins) : PERMISSION_KINDS;
  },
  wantedForKey: (path, key) =>
    path.length === 3 && Object.hasOwn(NEVER_GRANTED, key) ? NEVER_GRANTED[key] : undefined,
};

function listAt(document: JsoncDocument, path: JsonPath): readonly unknown[] {
  const value = document.valueAt(path);
  return Array.isArray(value) ? value : [];
}

/** The paths under a list that can be resolved, whatever else is wrong around them. */
function namedPaths(document: JsoncDocument, list: JsonPath, baseFolder: string): NamedPath[] {
  return listAt(document, list).flatMap((text, index) =>
    typeof text === "string" && pathProblem(text) === undefined
      ? [{ at: [...list, index], path: resolve(baseFolder, text) }]
      : []
  );
}

function modulesAt(document: JsoncDocument, plugin: JsonPath, baseFolder: string): NamedModule[] {
  const at = [...plugin, "path"];
  const text = document.valueAt(at);
  if (typeof text !== "string" || pathProblem(text) !== undefined) return [];
  const enabled = document.valueAt([...plugin, "enabled"]) !== false;
  return [{ at, path: resolve(baseFolder, text), enabled }];
}

function duplicateIdProblems(document: JsoncDocument, source: string): PlacedProblem[] {
  const first = new Map<string, number>();
  return listAt(document, ["plugins"]).flatMap((_, index) => {
    const at = ["plugins", index, "id"];
    const id = document.valueAt(at);
    if (typeof id !== "string") return [];
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, index);
      return [];
    }
    const found = `${describeValue(id)} once more`;
    const wanted = `an id of its own; plugins[${earlier}] has this one`;
    const problem = { source, place: document.placeOf(at), found, wanted };
    return [{ offset: document.offsetOf(at), problem }];
  });
}

function problemAt(
  document: JsoncDocument,
  source: string,
  at: JsonPath,
  wanted: string,
): PlacedProblem {
  const found = describeValue(document.valueAt(at));
  return {
    offset: document.offsetOf(at),
    problem: { source, place: document.placeOf(at), found, wanted },
  };
}

/**
 * Reads the text of a registry file without looking at any file.
 *
 * @param text The text, without a byte order mark.
 * @param source What the problems call it: the absolute path of the file.
 * @param baseFolder Absolute folder that relative paths start from.
 * @returns The registry or everything that is wrong with it; does not throw.
 */
export function parseRegistry(text: string, source: string, baseFolder: string): ParsedRegistry {
  return parseRegistryDocument(readJsoncDocument(text, source), source, baseFolder, source);
}

/**
 * Reads a registry out of a document, whatever that was made from.
 *
 * @param document An object with the list `plugins`, as in the registry file.
 * @param source What the problems call it.
 * @param baseFolder Absolute folder that relative paths start from.
 * @param file The file that it stands in, if it does in one.
 * @returns The registry or everything that is wrong with it; does not throw.
 */
export function parseRegistryDocument(
  document: JsoncDocument,
  source: string,
  baseFolder: string,
  file?: string,
): ParsedRegistry {
  // Problems of the document itself come in its order already and have no offset of their own.
  const problems: PlacedProblem[] = document.problems.map((problem) => ({ offset: -1, problem }));
  const none = { registry: undefined, problems, document, source, file, modules: [], writable: [] };
  if (document.value === undefined) return none;

  const result = registrySchema.safeParse(document.value);
  if (!result.success) {
    problems.push(...problemsOfIssues(result.error.issues, document, source, keyRules));
  }
  problems.push(...duplicateIdProblems(document, source));
  const modules: NamedModule[] = [];
  const writable: NamedPath[] = [];
  for (const index of listAt(document, ["plugins"]).keys()) {
    const plugin = ["plugins", index];
    modules.push(...modulesAt(document, plugin, baseFolder));
    writable.push(...namedPaths(document, [...plugin, "permissions", "write"], baseFolder));
    const readable = namedPaths(document, [...plugin, "permissions", "read"], baseFolder);
    for (const { at, path } of [...readable, ...writable.filter((w) => w.at[1] === index)]) {
      if (dirname(path) !== path) continue;
      problems.push(
        problemAt(
          document,
          source,
          at,
          "a folder below the root; the whole disk cannot be granted",
        ),
      );
    }
  }
  if (!result.success || problems.length > 0) return { ...none, modules, writable };
  const registry: Registry = {
    source,
    plugins: result.data.plugins.map((plugin) => ({
      ...plugin,
      path: resolve(baseFolder, plugin.path),
      permissions: {
        ...plugin.permissions,
        read: plugin.permissions.read.map((path) => resolve(baseFolder, path)),
        write: plugin.permissions.write.map((path) => resolve(baseFolder, path)),
      },
      baseFolder,
    })),
  };
  return { ...none, registry, modules, writable };
}
