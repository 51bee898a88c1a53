import { invariant } from "../internal/invariant.ts";
import type { PluginPermissions } from "../registry/registry_schema.ts";

/**
 * A plugin waits most of its time, and there are many of them: a small young generation and no helper
 * threads of the engine save about 4 MiB in each process and cost no measurable speed.
 */
const SMALL_PROCESS = "--max-semi-space-size=1,--single-threaded,--no-turbofan";

/** All that decides how a plugin's process may run. */
export interface PluginGrant {
  /** The plugin's id, `[a-z0-9-]`; it makes the origin that tells its storage from others'. */
  readonly plugin: string;
  /** Absolute paths of the files in its own module graph. */
  readonly modules: readonly string[];
  /** What the registry grants. */
  readonly permissions: PluginPermissions;
  /** Limit of the JavaScript heap in mebibytes. */
  readonly memoryMb: number;
  /** Absolute path of the `deno.json` whose import map plugins may use. */
  readonly configPath: string;
  /** Absolute path of the lock file that names all of its packages, when there is one. */
  readonly lockPath?: string | undefined;
}

/**
 * Turns what a plugin has been granted into the flags of its process. Pure, and the only place
 * that knows the flags. What it cannot express cannot be granted: there is no input that gives
 * `--allow-run`, `--allow-ffi`, `--allow-import` or `--allow-all`.
 *
 * - `--no-prompt`: what is not granted is refused, never asked for.
 * - `--no-remote`, `--cached-only`: nothing is downloaded; import of some hosts is allowed by
 *   default in Deno, so leaving permissions out is not enough.
 * - `--lock`, `--frozen`: packages are loaded in the versions of the host's lock file, and nothing is
 *   written to it. Deno then wants its packages in the cache, which the host needs as well. Without
 *   it, Deno wants what the npm registry says of each package in there, and may not have kept that.
 * - `--location`: without one, all processes with the same main module share one storage.
 *
 * @param grant What the plugin has been granted.
 * @returns Flags for `deno run`, in a fixed order.
 * @throws {DefectError} When no module is named, or a value is empty or begins with a comma; the
 * registry lets neither through.
 */
export function buildFlags(grant: PluginGrant): string[] {
  const { permissions, lockPath } = grant;
  const flags = [
    "--no-prompt",
    "--no-remote",
    "--cached-only",
    ...(lockPath === undefined ? ["--no-lock"] : [`--lock=${lockPath}`, "--frozen"]),
    "--no-code-cache",
    "--quiet",
    `--config=${grant.configPath}`,
    `--location=https://${grant.plugin}.plugin.onhook.invalid/`,
    `--v8-flags=--max-old-space-size=${grant.memoryMb},${SMALL_PROCESS}`,
    allow("read", [...grant.modules, ...permissions.read]),
  ];
  for (const kind of ["write", "net", "env", "sys"] as const) {
    if (permissions[kind].length > 0) flags.push(allow(kind, permissions[kind]));
  }
  return flags;
}

/**
 * Deno reads a doubled comma in a list as a comma that belongs to the value. So a value must not be
 * empty or begin with a comma, or it would be read as a part of the one before it.
 */
function allow(kind: string, values: readonly string[]): string {
  invariant(
    values.length > 0 && values.every((value) => value !== "" && !value.startsWith(",")),
    `a grant of ${kind} is empty or begins with a comma`,
  );
  return `--allow-${kind}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`;
}
