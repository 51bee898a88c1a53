import { fromFileUrl } from "@std/path";

/** The name of the Windows registry where else the path of a file stands. */
export const WINDOWS_REGISTRY = "windows";

/** Where a registry is named: a file, or `windows` for the Windows registry. */
export interface RegistryLocation {
  /** The registry file as it was named, or `windows`; undefined when there is a problem. */
  readonly path: string | undefined;
  /** What is wanted instead. */
  readonly wanted?: string;
}

/**
 * Finds the registry that is meant.
 *
 * @param named The value of `--registry` or of the configuration, when there is one.
 * @param os The operating system: on Windows the default is the Windows registry, elsewhere it is
 * `plugins/registry.json` of this project.
 */
export function registryLocation(
  named: unknown,
  os: typeof Deno.build.os,
): RegistryLocation {
  if (named === WINDOWS_REGISTRY || (named === undefined && os === "windows")) {
    return os === "windows" ? { path: WINDOWS_REGISTRY } : {
      path: undefined,
      wanted: "--registry=PATH of a registry file; this system has no Windows registry",
    };
  }
  const path = named ?? fromFileUrl(new URL("../../plugins/registry.json", import.meta.url));
  return { path: typeof path === "string" ? path : undefined };
}
