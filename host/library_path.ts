import { dirname, fromFileUrl } from "@std/path";
import { ensureLibrary } from "./native/build.ts";

/**
 * The library that a configuration names, built first when it is our own and out of date. One that
 * stands elsewhere is never touched.
 *
 * @param configured Absolute path, as the configuration has it.
 * @throws {NativeError} When it cannot be built; the message names what is missing.
 */
export async function libraryPath(configured: string): Promise<string> {
  const ours = fromFileUrl(new URL("./native/build", import.meta.url));
  return dirname(configured) === ours ? await ensureLibrary() : configured;
}
