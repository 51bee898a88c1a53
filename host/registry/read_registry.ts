import { dirname, resolve } from "@std/path";
import { InputError } from "../internal/errors.ts";
import { moduleFileProblems } from "./_module_files.ts";
import { writeGuardProblems } from "./_write_guard.ts";
import { parseRegistry } from "./parse_registry.ts";
import { readTextFile } from "./read_text_file.ts";
import { readWindowsRegistry } from "./read_windows_registry.ts";
import { WINDOWS_REGISTRY } from "./registry_location.ts";
import type { Registry } from "./registry_schema.ts";
import { windowsRegistryPlace } from "./windows_registry_place.ts";

/** Largest registry file, in bytes. */
export const REGISTRY_BYTES_MAX = 1024 * 1024;

/** How a registry is read. */
export interface ReadRegistryOptions {
  /**
   * Whether an enabled plugin whose module file is missing is a problem.
   *
   * @default {true}
   */
  readonly filesMustExist?: boolean;
}

/**
 * Reads the registry: a file of JSON with comments and trailing commas, at most 1 MiB, or the
 * Windows registry.
 *
 * @param path Path of the file; `windows` is the Windows registry.
 * @returns The plugins in call order, defaults filled in, paths absolute.
 * @throws {InputError} With every problem of the registry at once, in its order.
 * @throws {NativeError} When the Windows registry cannot be opened.
 */
export async function readRegistry(
  path: string,
  options: ReadRegistryOptions = {},
): Promise<Registry> {
  if (path === WINDOWS_REGISTRY) {
    return await readWindowsRegistry({ ...options, ...windowsRegistryPlace() });
  }
  const source = resolve(path);
  const text = await readTextFile(source, {
    action: "Cannot read the registry",
    missing: "a registry file; name another one with --registry=PATH",
    bytesMax: REGISTRY_BYTES_MAX,
  });
  const parsed = parseRegistry(text.replace(/^\ufeff/, ""), source, dirname(source));
  const placed = [...parsed.problems, ...await writeGuardProblems(parsed)];
  if (options.filesMustExist ?? true) placed.push(...await moduleFileProblems(parsed));
  if (placed.length > 0 || parsed.registry === undefined) {
    const problems = placed.toSorted((left, right) => left.offset - right.offset);
    throw new InputError("Cannot read the registry", problems.map(({ problem }) => problem));
  }
  return parsed.registry;
}
