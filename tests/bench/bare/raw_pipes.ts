import { fromFileUrl } from "@std/path";
import * as z from "zod";

const MAIN = fromFileUrl(new URL("./pipes.ts", import.meta.url));

const rawPipesSchema = z.object({
  /** Events a second. */
  perSecond: z.number().positive(),
  /** Processor time of all processes for one event, in microseconds. */
  processorUs: z.number().positive(),
});

/** What bare pipes to Deno processes, one after the other, make of some events. */
export type RawPipes = z.infer<typeof rawPipesSchema>;

/**
 * Hands events through bare pipes.
 *
 * @param entriesPath A file of entries as they were drained.
 * @param processes How many processes each event passes.
 */
export async function rawPipes(entriesPath: string, processes: number): Promise<RawPipes> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", MAIN, entriesPath, `${processes}`],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new RangeError("Cannot measure raw pipes: their process failed, see above");
  return rawPipesSchema.parse(JSON.parse(new TextDecoder().decode(stdout)));
}
