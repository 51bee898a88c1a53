import { fromFileUrl } from "@std/path";

const MAIN = fromFileUrl(new URL("./pipes.ts", import.meta.url));

/**
 * How many events a second go through bare pipes to Deno processes, one after the other.
 *
 * @param entriesPath A file of entries as they were drained.
 * @param processes How many processes each event passes.
 */
export async function rawPipesPerSecond(entriesPath: string, processes: number): Promise<number> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", "--allow-run", MAIN, entriesPath, `${processes}`],
    stdin: "null",
    stderr: "inherit",
  }).output();
  const perSecond = Number(new TextDecoder().decode(stdout));
  if (!success || !(perSecond > 0)) {
    throw new RangeError("Cannot measure raw pipes: their process failed, see above");
  }
  return perSecond;
}
