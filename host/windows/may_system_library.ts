import { type SystemLibrary, systemLibraryPath } from "./system_library_path.ts";

/** Whether this process may call a library of Windows; never on other systems. */
export function maySystemLibrary(library: SystemLibrary): boolean {
  if (Deno.build.os !== "windows") return false;
  return Deno.permissions.querySync({ name: "ffi", path: systemLibraryPath(library) }).state ===
    "granted";
}
