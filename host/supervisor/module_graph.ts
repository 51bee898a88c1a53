import { toFileUrl } from "@std/path";
import * as z from "zod";
import { PluginError } from "../internal/errors.ts";

const infoSchema = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    local: z.string().nullish(),
    error: z.string().optional(),
  })),
});

const STDERR_CHARACTERS_MAX = 1000;

/**
 * Finds the files that a plugin's module needs, its imports and theirs. They are all that the
 * plugin may read by default. Packages of npm are left out: their code needs no permission of its
 * own, because Deno lets a process load the packages of its graph from the cache, and looking for
 * them here would download what is not there, with the host's rights.
 *
 * @param modulePath Absolute path of the plugin's module.
 * @param configPath Absolute path of the `deno.json` whose import map plugins may use.
 * @param signal Ends the search early; the promise is rejected then.
 * @returns Absolute paths.
 * @throws {PluginError} When the graph cannot be made, with Deno's own words.
 */
export async function moduleGraph(
  modulePath: string,
  configPath: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "info",
      "--json",
      "--no-lock",
      "--no-remote",
      "--no-npm",
      `--config=${configPath}`,
      // As an address: Deno reads "#" and "?" in a path as the end of it.
      toFileUrl(modulePath).href,
    ],
    env: { NO_COLOR: "1" },
    ...(signal === undefined ? {} : { signal }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw cannotLoad(modulePath, decoder.decode(stderr));
  const { modules } = infoSchema.parse(JSON.parse(decoder.decode(stdout)));
  const broken = modules.flatMap(({ specifier, error }) =>
    error === undefined || specifier.startsWith("npm:") ? [] : [`${specifier}: ${error}`]
  );
  if (broken.length > 0) throw cannotLoad(modulePath, broken.join("\n"));
  return modules.flatMap(({ local }) => local ? [local] : []);
}

function cannotLoad(modulePath: string, reason: string): PluginError {
  return new PluginError(
    `Cannot load the plugin's modules: ${modulePath}: ${
      reason.trim().slice(0, STDERR_CHARACTERS_MAX)
    }, wanted modules that can all be found; npm packages have to be in the cache (deno cache)`,
  );
}
