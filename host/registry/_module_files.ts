import { describeValue } from "./describe_value.ts";
import type { ParsedRegistry } from "./parse_registry.ts";
import type { PlacedProblem } from "./problems_of_issues.ts";

async function moduleProblem(path: string): Promise<{ found: string; wanted: string } | undefined> {
  const shown = describeValue(path);
  try {
    const stat = await Deno.stat(path);
    if (stat.isFile) return undefined;
    const found = stat.isDirectory ? `the folder ${shown}` : `${shown}, which is no ordinary file`;
    return { found, wanted: "the plugin's module file, such as mod.ts" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return {
        found: `no file ${shown}`,
        wanted: 'a module file, or "enabled": false until it is there',
      };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return {
      found: `${shown}, which cannot be looked at (${reason})`,
      wanted: "a readable module file",
    };
  }
}

/** Modules of enabled plugins that are missing or cannot be read. */
export async function moduleFileProblems(parsed: ParsedRegistry): Promise<PlacedProblem[]> {
  const { document, source } = parsed;
  const placed: PlacedProblem[] = [];
  for (const { at, path, enabled } of parsed.modules) {
    const words = enabled ? await moduleProblem(path) : undefined;
    if (words === undefined) continue;
    const problem = { source, place: document.placeOf(at), ...words };
    placed.push({ offset: document.offsetOf(at), problem });
  }
  return placed;
}
