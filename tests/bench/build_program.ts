import { fromFileUrl } from "@std/path";

const NATIVE = fromFileUrl(new URL("../../host/native/", import.meta.url));
/** As the library itself is built. */
const FLAGS = ["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-pthread"];

/**
 * Builds a measuring program together with the library's sources.
 *
 * @param source Its one file.
 * @param program Where it goes.
 * @returns Why it cannot be built, if so.
 */
export async function buildProgram(source: string, program: string): Promise<string | undefined> {
  const sources = [...Deno.readDirSync(`${NATIVE}src`)]
    .filter(({ name }) => name.endsWith(".c") && !name.startsWith("platform_windows"))
    .map(({ name }) => `src/${name}`);
  try {
    const { success, stderr } = await new Deno.Command("cc", {
      args: [...FLAGS, "-Iinclude", "-Isrc", "-o", program, source, ...sources],
      cwd: NATIVE,
    }).output();
    return success ? undefined : new TextDecoder().decode(stderr).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no cc; apt install gcc libc6-dev";
    throw error;
  }
}
