import { fromFileUrl } from "@std/path";
import { type BenchPlay, BenchWorld } from "../bench_world.ts";
import { readLatencies } from "../read_latencies.ts";

const MAIN = fromFileUrl(new URL("./relay.ts", import.meta.url));

/**
 * How long after its callout each hangup has been through a bare wait for the journal and a bare
 * pipe to a Deno process and back, in milliseconds.
 */
export async function bareLatencies(play: BenchPlay, libraryPath: string): Promise<number[]> {
  await using world = await BenchWorld.make();
  const out = world.path("latencies.json");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", MAIN, libraryPath, world.path("hangup.journal"), out],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const stdout = child.stdout.getReader();
  await stdout.read();
  await world.play(play);
  await stdout.cancel();
  const { success } = await child.status;
  if (!success) throw new RangeError("Cannot measure a bare pipe: its process failed, see above");
  return readLatencies(out);
}
