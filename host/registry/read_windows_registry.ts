import { InputError } from "../internal/errors.ts";
import type { RegistryHive } from "../windows/registry_hive.ts";
import { moduleFileProblems } from "./_module_files.ts";
import { writeGuardProblems } from "./_write_guard.ts";
import { describeValue } from "./describe_value.ts";
import { type ParsedRegistry, parseRegistryDocument } from "./parse_registry.ts";
import type { PlacedProblem } from "./problems_of_issues.ts";
import type { ReadRegistryOptions } from "./read_registry.ts";
import type { Registry } from "./registry_schema.ts";
import {
  PLUGINS_KEY,
  WINDOWS_REGISTRY_SOURCE,
  windowsRegistryDocument,
} from "./windows_registry_document.ts";

/** How the Windows registry is read. */
export interface ReadWindowsRegistryOptions extends ReadRegistryOptions {
  /** The registry; the machine's, or one in memory. */
  readonly hive: RegistryHive;
  /** Where relative paths start from when the registry does not say, absolute. */
  readonly standardFolder: string;
}

/**
 * Reads the plugins of the Windows registry without looking at any file.
 *
 * @returns The registry or everything that is wrong with it.
 * @throws {NativeError} When the registry cannot be read.
 */
export function parseWindowsRegistry(
  { hive, standardFolder }: Pick<ReadWindowsRegistryOptions, "hive" | "standardFolder">,
): ParsedRegistry & { readonly baseFolder: string } {
  const document = windowsRegistryDocument(hive, standardFolder);
  const { baseFolder, brokenPlaces } = document;
  const parsed = parseRegistryDocument(document, WINDOWS_REGISTRY_SOURCE, baseFolder);
  const problems = parsed.problems.filter(({ offset, problem }) =>
    offset === -1 || !brokenPlaces.has(problem.place)
  );
  const registry = parsed.registry && { ...parsed.registry, source: PLUGINS_KEY };
  return { ...parsed, registry, problems, baseFolder };
}

/** The folder that the plugins work in; a process cannot be started in one that is not there. */
async function folderProblems(baseFolder: string): Promise<PlacedProblem[]> {
  const stat = await Deno.stat(baseFolder).catch(() => undefined);
  if (stat?.isDirectory) return [];
  const problem = {
    source: WINDOWS_REGISTRY_SOURCE,
    place: `${PLUGINS_KEY}!BaseFolder`,
    found: `no folder ${describeValue(baseFolder)}`,
    wanted: "a folder that is there: the plugins' relative paths start from it",
  };
  return [{ offset: -1, problem }];
}

/**
 * Reads the plugins of the Windows registry: `HKLM\SOFTWARE\Onhook\Plugins`, value `PluginPath`
 * (REG_SZ), ids or absolute paths separated by `;` in call order; per plugin a key of its id with
 * the values of the registry file, such as `Path`, `Enabled` (REG_DWORD 0 or 1), `Permissions` and
 * `Config` (REG_SZ with JSON), `TimeoutMs` (REG_DWORD).
 *
 * @returns The plugins in call order, defaults filled in, paths absolute: the same as for a file.
 * @throws {InputError} With every problem at once, in the order of the list.
 * @throws {NativeError} When the registry cannot be read.
 */
export async function readWindowsRegistry(options: ReadWindowsRegistryOptions): Promise<Registry> {
  const parsed = parseWindowsRegistry(options);
  const placed = [...parsed.problems, ...await writeGuardProblems(parsed)];
  if (options.filesMustExist ?? true) {
    placed.push(...await folderProblems(parsed.baseFolder), ...await moduleFileProblems(parsed));
  }
  if (placed.length > 0 || parsed.registry === undefined) {
    const problems = placed.toSorted((left, right) => left.offset - right.offset);
    throw new InputError("Cannot read the registry", problems.map(({ problem }) => problem));
  }
  return parsed.registry;
}
