import { isAbsolute, join } from "@std/path";
import type { Need } from "./other.ts";

const FOLDERS_OF_ADMINISTRATORS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The packages that have to be installed first. */
export function missingPackages(
  needs: readonly Need[],
  path: string = Deno.env.get("PATH") ?? "",
): string[] {
  const missing = needs.filter(({ file }) => whereIs(file, path) === undefined);
  return [...new Set(missing.map((need) => need.package))];
}

/** The absolute path of a program. */
export function whereIs(file: string, path = Deno.env.get("PATH") ?? ""): string | undefined {
  if (isAbsolute(file)) return isFile(file) ? file : undefined;
  const folders = [...path.split(":"), ...FOLDERS_OF_ADMINISTRATORS];
  return folders.filter(isAbsolute).map((folder) => join(folder, file)).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
