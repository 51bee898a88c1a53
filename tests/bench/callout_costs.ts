import { fromFileUrl } from "@std/path";
import * as z from "zod";
import { BenchWorld } from "./bench_world.ts";
import { buildProgram } from "./build_program.ts";

const SOURCE = fromFileUrl(new URL("../../host/native/test/bench.c", import.meta.url));

const costsSchema = z.object({
  copyNs: z.number().positive(),
  hotCopyNs: z.number().positive(),
  calloutNs: z.number().positive(),
  asleepNs: z.number().positive(),
  bareWakeNs: z.number().positive(),
  eventsPerSecond1Thread: z.number().positive(),
  eventsPerSecond4Threads: z.number().positive(),
  lost: z.number(),
});

/** What the library's own measuring program prints; see its first lines. */
export type CalloutCosts = z.infer<typeof costsSchema>;

/**
 * Builds the library's own measuring program and runs it as it is.
 *
 * @returns One for each round, or why it cannot be built.
 */
export async function takeCalloutCosts(
  rounds: number,
  say: (text: string) => void,
): Promise<CalloutCosts[] | string> {
  await using world = await BenchWorld.make();
  say("callouts, building");
  const program = world.path("bench");
  const problem = await buildProgram(SOURCE, program);
  if (problem !== undefined) return problem;
  const results: CalloutCosts[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`callouts, round ${round} of ${rounds}`);
    results.push(await runOnce(program, world.folder));
  }
  return results;
}

async function runOnce(program: string, folder: string): Promise<CalloutCosts> {
  const { success, stdout, stderr } = await new Deno.Command(program, { cwd: folder }).output();
  const decoder = new TextDecoder();
  if (!success) throw new RangeError(`Cannot measure callouts: ${decoder.decode(stderr)}`);
  return costsSchema.parse(JSON.parse(decoder.decode(stdout)));
}
