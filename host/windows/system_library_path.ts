import { systemFolder } from "./system_folder.ts";

/** The system's libraries that this project calls. */
export type SystemLibrary = "advapi32" | "kernel32";

/**
 * The file of a library of Windows. By its full path: a name alone would be looked for in the
 * working folder as well, and permissions are for paths.
 */
export function systemLibraryPath(library: SystemLibrary): string {
  return `${systemFolder()}\\${library}.dll`;
}
