/** The first ones run code that is not compiled yet. */
const LEFT_OUT = 20;

/** What the latency plugin, or its bare counterpart, has noted, in milliseconds. */
export function readLatencies(path: string): number[] {
  const { latenciesMs } = JSON.parse(Deno.readTextFileSync(path)) as { latenciesMs: number[] };
  return latenciesMs.slice(LEFT_OUT);
}
