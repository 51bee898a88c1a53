import { dirname, fromFileUrl, join, relative, toFileUrl } from "@std/path";
import * as z from "zod";
import { PluginError, ProcessError } from "../internal/errors.ts";
import { spawnInTurn } from "./spawn_in_turn.ts";

const infoSchema = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    kind: z.string().optional(),
    local: z.string().nullish(),
    error: z.string().optional(),
  })),
});

const STDERR_CHARACTERS_MAX = 1000;

/** Somebody looks at them once a second, and a plugin may name as many as it likes. */
const FILES_TOLD_MAX = 500;

/** The part of a registry entry that decides which files may be in its module graph. */
export interface GraphOwner {
  /** Absolute path of the plugin's module. */
  readonly path: string;
  /** Absolute folder of the registry. */
  readonly baseFolder: string;
  readonly permissions: { readonly read: readonly string[] };
}

/** What a plugin's module needs, its imports and theirs. */
export interface ModuleGraph {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Packages of npm as their imports name them, without what is imported of them: `npm:ms@2.1.3`. */
  readonly packages: readonly string[];
}

/**
 * Finds what a plugin's module needs, its imports and theirs. The files are all that the plugin may
 * read by default. Packages of npm are named only: their code needs no permission of its own,
 * because Deno lets a process load the packages of its graph from the cache, and looking for them
 * here would download what is not there, with the host's rights.
 *
 * Naming a file in an import must not make it readable. So every file lies, links followed, in the
 * folder of the plugin's module, or under a path that the registry lets it read, or is the host's
 * own code. A plugin beside the registry, where other plugins' files are as well, may name code
 * there and nothing else.
 *
 * @param configPath Absolute path of the `deno.json` whose import map plugins may use.
 * @param signal Ends the search early; the promise is rejected then.
 * @param guard What to start Deno with, so that the search dies with the host.
 * @throws {PluginError} When the graph cannot be made, with Deno's own words, or names other files.
 * @throws {ProcessError} When the search was killed.
 */
export async function moduleGraph(
  owner: GraphOwner,
  configPath: string,
  signal?: AbortSignal,
  guard: readonly string[] = [],
): Promise<ModuleGraph> {
  const modulePath = owner.path;
  const [program, ...first] = [...guard, Deno.execPath()];
  const command = new Deno.Command(program!, {
    args: [
      ...first,
      "info",
      "--json",
      "--no-lock",
      "--no-remote",
      "--no-npm",
      `--config=${configPath}`,
      // As an address: Deno reads "#" and "?" in a path as the end of it.
      toFileUrl(modulePath).href,
    ],
    env: { NO_COLOR: "1" },
    ...(signal === undefined ? {} : { signal }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const child = await spawnInTurn(() => {
    signal?.throwIfAborted();
    return command.spawn();
  });
  const { success, signal: killedBy, stdout, stderr } = await child.output();
  signal?.throwIfAborted();
  const decoder = new TextDecoder();
  const words = decoder.decode(stderr).trim();
  // Deno says what is wrong with a module. What ends it without a word is not the plugin's.
  if (!success && (killedBy !== null || words === "")) throw searchEnded(modulePath, killedBy);
  if (!success) throw cannotLoad(modulePath, words);
  const { modules } = infoSchema.parse(JSON.parse(decoder.decode(stdout)));
  const broken = modules.flatMap(({ specifier, error }) =>
    error === undefined || isPackage(specifier) ? [] : [`${specifier}: ${error}`]
  );
  const named = filesOf(modules);
  if (broken.length > 0) throw cannotLoad(modulePath, broken.join("\n"), named);
  const isAllowed = await fileRule(owner, configPath);
  const files: string[] = [];
  for (const { local, kind } of modules) {
    if (!local) continue;
    if (!isAllowed(await Deno.realPath(local), kind === "esm")) {
      throw cannotLoad(
        modulePath,
        `it imports ${local}, which is neither in its own folder nor granted to it (read)`,
        named,
      );
    }
    files.push(local);
  }
  return { files, packages: packagesOf(modules) };
}

const isPackage = (specifier: string): boolean => specifier.startsWith("npm:");

/** Of `npm:@scope/name@1.0.0/part` and `npm:/name@1.0.0/part` what stands before the part. */
const PACKAGE = /^npm:\/?((?:@[^/]+\/)?[^/]+)/;

function packagesOf(modules: z.infer<typeof infoSchema>["modules"]): string[] {
  const packages = modules.flatMap(({ specifier }) => {
    const name = PACKAGE.exec(specifier)?.[1];
    return name === undefined ? [] : [`npm:${name}`];
  });
  return [...new Set(packages)];
}

/** The files of a graph, also those that are missing or wrong. */
function filesOf(modules: z.infer<typeof infoSchema>["modules"]): string[] {
  const files = modules.flatMap(({ local, specifier }) => {
    if (local) return [local];
    return specifier.startsWith("file:") ? [fromFileUrl(specifier)] : [];
  });
  return files.slice(0, FILES_TOLD_MAX);
}

/** Says of a file, links followed, whether it may be in the graph. */
async function fileRule(
  { path, baseFolder, permissions }: GraphOwner,
  configPath: string,
): Promise<(real: string, isCode: boolean) => boolean> {
  const ownFolder = dirname(await Deno.realPath(path));
  const isBesideRegistry = contains(ownFolder, await Deno.realPath(baseFolder));
  const root = await Deno.realPath(dirname(configPath));
  const granted = await Promise.all(
    permissions.read.map((it) => Deno.realPath(it).catch(() => it)),
  );
  return (real, isCode) =>
    granted.some((folder) => contains(folder, real)) ||
    (contains(ownFolder, real) && (isCode || !isBesideRegistry)) ||
    (isCode && (real === join(root, "mod.ts") || contains(join(root, "host"), real)));
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== path && !/^\.\.(?:$|[/\\])/.test(way);
}

function searchEnded(modulePath: string, killedBy: Deno.Signal | null): ProcessError {
  const how = killedBy === null ? "without a word" : `by ${killedBy}`;
  return new ProcessError(
    `Cannot find the modules of ${modulePath}: the search (deno info) was ended ${how}, wanted its ` +
      "answer; somebody killed it, or the machine ran out of memory",
  );
}

function cannotLoad(
  modulePath: string,
  reason: string,
  files: readonly string[] = [modulePath],
): PluginError {
  return new PluginError(
    `Cannot load the plugin's modules: ${modulePath}: ${
      reason.trim().slice(0, STDERR_CHARACTERS_MAX)
    }, wanted modules that can all be found; npm packages have to be in the cache (deno cache)`,
    files,
  );
}
