import { posix, win32 } from "node:path";
import { fromFileUrl } from "@std/path";
import { type Config, type ConfigKey, configSchema } from "./config_schema.ts";
import { InputError, type Problem } from "./internal/errors.ts";
import { describeValue } from "./registry/describe_value.ts";
import { type JsoncDocument, readJsoncDocument } from "./registry/jsonc_document.ts";
import { problemsOfIssues } from "./registry/problems_of_issues.ts";
import { registryLocation } from "./registry/registry_location.ts";

/** A configuration file. */
export interface ConfigFile {
  /** Its absolute path; relative paths in it start from its folder. */
  readonly path: string;
  /** Its text: JSON with comments, an object with names of {@linkcode ConfigKey}. */
  readonly text: string;
}

/** Where a configuration comes from, besides options and environment. */
export interface ConfigSurroundings {
  /** The folder that relative paths of options start from. */
  readonly workingFolder: string;
  /** The configuration file, when one is named. */
  readonly file?: ConfigFile | undefined;
  /** On Windows: the journal that the registry names (`HKLM\SOFTWARE\Onhook!JournalPath`). */
  readonly installedJournal?: string | undefined;
}

/** The option of the command line that sets a value: `--journal-bytes` for `journalBytes`. */
export function configOptionName(key: ConfigKey): `--${string}` {
  const short: Partial<Record<ConfigKey, `--${string}`>> = {
    journalPath: "--journal",
    stateFolder: "--state",
    registryPath: "--registry",
    libraryPath: "--library",
    logPath: "--log",
  };
  return short[key] ?? `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const ACTION = "Cannot use the configuration";
const PATH_KEYS = [
  ...["journalPath", "stateFolder", "registryPath", "libraryPath", "logPath"] as const,
];

interface Resolution {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly path: typeof posix;
  readonly isWindows: boolean;
  readonly problems: Problem[];
}

function environmentPath(resolution: Resolution, name: string): string | undefined {
  const value = resolution.env[name];
  if (value === undefined || value === "") return undefined;
  if (resolution.path.isAbsolute(value)) return value;
  resolution.problems.push({
    source: "environment",
    place: name,
    found: describeValue(value),
    wanted: "an absolute path: the service that reads it too has another working folder",
  });
  return undefined;
}

function defaultJournal(
  resolution: Resolution,
  installed: string | undefined,
): string | undefined {
  const named = environmentPath(resolution, "ONHOOK_JOURNAL");
  if (named !== undefined) return named;
  const { env, isWindows, path, problems } = resolution;
  if (problems.length > 0) return undefined;
  if (isWindows) {
    if (installed !== undefined) {
      if (path.isAbsolute(installed)) return installed;
      problems.push({
        source: "Windows registry",
        place: "HKLM\\SOFTWARE\\Onhook!JournalPath",
        found: describeValue(installed),
        wanted: "an absolute path: the service that reads it too has another working folder",
      });
      return undefined;
    }
    const folder = environmentPath(resolution, "ProgramData");
    if (folder !== undefined) return path.join(folder, "Onhook", "hangup.journal");
  } else {
    // The XDG specification wants a relative value to be passed over.
    const stateHome = env.XDG_STATE_HOME ?? "";
    if (path.isAbsolute(stateHome)) return path.join(stateHome, "onhook", "hangup.journal");
    const home = environmentPath(resolution, "HOME");
    if (home !== undefined) return path.join(home, ".local", "state", "onhook", "hangup.journal");
  }
  if (problems.length > 0) return undefined;
  problems.push({
    source: "environment",
    place: isWindows ? "ONHOOK_JOURNAL, ProgramData" : "ONHOOK_JOURNAL, XDG_STATE_HOME, HOME",
    found: "nothing",
    wanted: "one of them, or --journal=PATH",
  });
  return undefined;
}

/** Values of the options and the file, with what is wrong with the file's text. */
function chosenValues(
  options: Readonly<Partial<Record<ConfigKey, unknown>>>,
  resolution: Resolution,
  surroundings: ConfigSurroundings,
): { values: Record<string, unknown>; document: JsoncDocument | undefined } {
  const { file, workingFolder } = surroundings;
  const document = file && readJsoncDocument(file.text.replace(/^\ufeff/, ""), file.path);
  const fromFile = document?.value;
  const isObject = typeof fromFile === "object" && fromFile !== null && !Array.isArray(fromFile);
  if (file !== undefined && document !== undefined) {
    resolution.problems.push(...document.problems);
    const isReadable = document.problems.length === 0;
    if (isReadable && (!isObject || !isConfigKeys(fromFile))) {
      const strict = configSchema.safeParse(fromFile);
      const issues = strict.error?.issues.filter(({ code, path }) =>
        code === "unrecognized_keys" || path.length === 0
      ) ?? [];
      const rules = {
        knownKeys: () =>
          Object.keys(configSchema.shape),
      };
      const placed = problemsOfIssues(issues, document, file.path, rules);
      resolution.problems.push(...placed.map(({ problem }) => problem));
    }
  }
  const values: Record<string, unknown> = {};
  const take = (given: Readonly<Record<string, unknown>>, folder: string): void => {
    for (const key of Object.keys(configSchema.shape)) {
      const value = given[key];
      if (value === undefined) continue;
      const isPath = (PATH_KEYS as readonly string[]).includes(key);
      const isName = key === "registryPath" && value === "windows";
      values[key] = isPath && !isName && typeof value === "string" && value !== ""
        ? resolution.path.resolve(folder, value)
        : value;
    }
  };
  if (file !== undefined && isObject) {
    take(fromFile as Record<string, unknown>, resolution.path.dirname(file.path));
  }
  take(options, workingFolder);
  return { values, document };
}

function isConfigKeys(value: object): boolean {
  return Object.keys(value).every((key) => Object.hasOwn(configSchema.shape, key));
}

function fillDefaults(
  values: Record<string, unknown>,
  resolution: Resolution,
  installedJournal: string | undefined,
): void {
  const { isWindows, path } = resolution;
  const root = fromFileUrl(new URL("..", import.meta.url));
  values.journalPath ??= defaultJournal(resolution, installedJournal);
  if (typeof values.journalPath === "string") {
    values.stateFolder ??= path.dirname(values.journalPath);
  }
  const library = isWindows ? "onhook.dll" : "libonhook.so";
  values.libraryPath ??= path.join(root, "host", "native", "build", library);
}

/**
 * Puts the configuration together: an option of the command line goes before the configuration
 * file, that before the environment, that before the default.
 *
 * Pure: looks at no file and at no environment but the one that is given.
 *
 * @param options Values of the command line; a value of a wrong type becomes a problem.
 * @param env The environment; `ONHOOK_JOURNAL`, `XDG_STATE_HOME`, `HOME`, `ProgramData` count.
 * @param os The operating system that paths and defaults are for.
 * @throws {InputError} With every problem of all sources at once.
 */
export function resolveConfig(
  options: Readonly<Partial<Record<ConfigKey, unknown>>>,
  env: Readonly<Record<string, string | undefined>>,
  os: typeof Deno.build.os,
  surroundings: ConfigSurroundings,
): Config {
  const isWindows = os === "windows";
  const problems: Problem[] = [];
  const resolution: Resolution = { env, isWindows, problems, path: isWindows ? win32 : posix };
  const { values, document } = chosenValues(options, resolution, surroundings);
  fillDefaults(values, resolution, surroundings.installedJournal);
  const placeOf = (key: ConfigKey): { source: string; place: string } =>
    options[key] !== undefined || document?.valueAt([key]) === undefined
      ? { source: "command line", place: configOptionName(key) }
      : { source: surroundings.file?.path ?? "", place: document.placeOf([key]) };
  const { path: registryPath, wanted } = registryLocation(values.registryPath, os);
  if (wanted !== undefined) {
    problems.push({
      ...placeOf("registryPath"),
      found: describeValue(values.registryPath),
      wanted,
    });
  }
  values.registryPath ??= registryPath;
  const result = configSchema.safeParse(values);
  const told = new Set<ConfigKey>();
  for (const issue of result.error?.issues ?? []) {
    const key = issue.path[0] as ConfigKey;
    // A number that is out of its bounds need not be told to be a power of two.
    if (told.has(key)) continue;
    told.add(key);
    // A path without a default has been told of already.
    if (values[key] === undefined && problems.length > 0) continue;
    const value = values[key] ?? configSchema.shape[key].safeParse(undefined).data;
    problems.push({ ...placeOf(key), found: describeValue(value), wanted: issue.message });
  }
  if (problems.length > 0 || result.data === undefined) throw new InputError(ACTION, problems);
  return result.data;
}
