import { fromFileUrl } from "@std/path";

/** Where a registry is named: a file, or `windows` for the Windows registry. */
export interface RegistryLocation {
  /** The registry file, as it was named; undefined when there is a problem. */
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
  if (named === "windows" || (named === undefined && os === "windows")) {
    return {
      path: undefined,
      wanted: "--registry=PATH of a registry file; reading the Windows registry is not there yet",
    };
  }
  const path = named ?? fromFileUrl(new URL("../../plugins/registry.json", import.meta.url));
  return { path: typeof path === "string" ? path : undefined };
}
