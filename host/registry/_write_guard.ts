import { basename, dirname, join, relative } from "@std/path";
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

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" ||
    !(way === ".." || way.startsWith("../") || way.startsWith("..\\")) && way !== path;
}

async function writeProblem(
  grant: NamedPath,
  guarded: readonly { real: string; name: string }[],
): Promise<string | undefined> {
  const folder = await realPathOf(grant.path);
  const name = guarded.find(({ real }) => contains(folder, real))?.name;
  return name === undefined
    ? undefined
    : `a folder of its own: with this one the plugin could rewrite ${name}`;
}

/**
 * Write permissions that reach the registry or a plugin's module: with one of them a plugin could
 * give itself the permissions of every other plugin.
 */
export async function writeGuardProblems(parsed: ParsedRegistry): Promise<PlacedProblem[]> {
  const { document, source } = parsed;
  if (parsed.writable.length === 0) return [];
  const guarded = [
    { real: await realPathOf(source), name: "the registry" },
    ...await Promise.all(parsed.modules.map(async ({ path }) => ({
      real: await realPathOf(path),
      name: `the module ${describeValue(path)}`,
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
