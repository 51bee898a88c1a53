import { basename, dirname } from "@std/path";

/**
 * The id that a module's path suggests: the name of its folder when the file has a general name
 * such as `mod.ts`, else its own. It may be no valid id, when no letter or digit is in the name.
 */
export function pluginIdOf(path: string): string {
  const file = basename(path).replace(/\.[a-z]+$/i, "");
  const name = /^(?:mod|main|index|plugin)$/i.test(file) ? basename(dirname(path)) : file;
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 64);
}
