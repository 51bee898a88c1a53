import { basename, dirname, fromFileUrl, join, relative, resolve } from "@std/path";
import { describeValue } from "./describe_value.ts";
import type { NamedPath, ParsedRegistry } from "./parse_registry.ts";
import type { PlacedProblem } from "./problems_of_issues.ts";

/** The real path of what exists of a path, with the rest of it appended. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOf(parent), basename(path));
  }
}

/** A path that leads through more links than this leads nowhere. */
const LINKS_MAX = 40;

/**
 * The links that a path leads through, each by its own place: whoever may write there can make the
 * path lead somewhere else.
 */
async function linksOf(path: string, linksMax = LINKS_MAX): Promise<string[]> {
  const parent = dirname(path);
  if (parent === path || linksMax === 0) return [];
  const links = await linksOf(parent, linksMax);
  const place = join(await realPathOf(parent), basename(path));
  const target = await Deno.readLink(place).catch(() => undefined);
  if (target === undefined) return links;
  return [...links, place, ...await linksOf(resolve(dirname(place), target), linksMax - 1)];
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" ||
    !(way === ".." || way.startsWith("../") || way.startsWith("..\\")) && way !== path;
}

/** Something that no plugin may write. */
interface Guarded {
  readonly real: string;
  readonly name: string;
  /** Index of the plugin that it belongs to and that may write it, if any. */
  readonly owner?: number;
}

/** The index of the plugin that a place in the registry is about. */
const pluginOf = (at: NamedPath["at"]): number => at[1] as number;

async function writeProblem(
  grant: NamedPath,
  guarded: readonly Guarded[],
): Promise<string | undefined> {
  const folder = await realPathOf(grant.path);
  const name = guarded.find(({ real, owner }) =>
    owner !== pluginOf(grant.at) && (contains(folder, real) || contains(real, folder))
  )?.name;
  return name === undefined
    ? undefined
    : `a folder of its own: with this one the plugin could rewrite ${name}`;
}

async function guardedLinks({ file, modules }: ParsedRegistry): Promise<Guarded[]> {
  const paths = [
    ...file === undefined ? [] : [{ path: file, name: "the registry" }],
    ...modules.map(({ path }) => ({ path, name: `the module ${describeValue(path)}` })),
  ];
  const links = paths.map(async ({ path, name }) =>
    (await linksOf(path)).map((real) => ({ real, name: `where ${name} is` }))
  );
  return (await Promise.all(links)).flat();
}

/**
 * Write permissions that reach the registry or a plugin's module: with one of them a plugin could
 * give itself the permissions of every other plugin.
 */
export async function writeGuardProblems(parsed: ParsedRegistry): Promise<PlacedProblem[]> {
  const { document, source } = parsed;
  if (parsed.writable.length === 0) return [];
  const root = fromFileUrl(new URL("../..", import.meta.url));
  const own = ["host", "mod.ts", "deno.json", "deno.lock"].map((name) => join(root, name));
  const registryFile = parsed.file === undefined ? undefined : await realPathOf(parsed.file);
  const modules = await Promise.all(parsed.modules.map(async ({ path, at }) => ({
    real: await realPathOf(path),
    name: `the module ${describeValue(path)}`,
    owner: pluginOf(at),
  })));
  const guarded: Guarded[] = [
    ...registryFile === undefined ? [] : [{ real: registryFile, name: "the registry" }],
    ...modules.map(({ real, name }) => ({ real, name })),
    ...await guardedLinks(parsed),
    // A plugin's folder holds the modules that it imports. Several plugins may lie in one folder, and
    // beside the registry; then only the modules themselves are known here.
    ...modules.map(({ real, name, owner }) => ({ real: dirname(real), name, owner }))
      .filter(({ real }) => registryFile === undefined || !contains(real, dirname(registryFile))),
    ...await Promise.all([...own, Deno.execPath()].map(async (path) => ({
      real: await realPathOf(path),
      name: "the host's own code",
    }))),
  ];
  const placed: PlacedProblem[] = [];
  for (const grant of parsed.writable) {
    const wanted = await writeProblem(grant, guarded);
    if (wanted === undefined) continue;
    const found = describeValue(document.valueAt(grant.at));
    const problem = { source, place: document.placeOf(grant.at), found, wanted };
    placed.push({ offset: document.offsetOf(grant.at), problem });
  }
  return placed;
}
