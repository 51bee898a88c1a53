import { fromFileUrl } from "@std/path";
import * as z from "zod";
import { BenchWorld } from "../bench_world.ts";
import { buildProgram } from "../build_program.ts";
import type { BenchContext } from "../context.ts";
import type { Row } from "../row.ts";
import { median } from "../statistics.ts";

const SOURCE = fromFileUrl(new URL("../native/callout_states.c", import.meta.url));
const LONGEST_NS = 5000;
/** No more than the ordinary case, and a tenth because two runs of the same differ by as much. */
const RATIO_MAX = 1.1;

const costSchema = z.object({
  meanNs: z.number().positive(),
  p999Ns: z.number().positive(),
  maxNs: z.number().positive(),
});
const resultSchema = z.object({
  ordinary: costSchema,
  stopped: costSchema,
  full: costSchema,
  disk: costSchema,
  calm: costSchema,
});

type Cost = z.infer<typeof costSchema>;
type Result = z.infer<typeof resultSchema>;

/** Each callout timed by itself, while the host is well and while it is not. */
export async function measureCalloutStates(context: BenchContext): Promise<Row[]> {
  await using world = await BenchWorld.make();
  const program = world.path("states");
  const problem = await buildProgram(SOURCE, program);
  if (problem !== undefined) {
    return [{ id: "callout.p999", what: "callout, p99.9", unit: "µs", skipped: problem }];
  }
  const rounds = context.isQuick ? 3 : 5;
  const results: Result[] = [];
  for (let round = 1; round <= rounds; round++) {
    context.say(`states, round ${round} of ${rounds}`);
    results.push(await runOnce(program, world.folder));
  }
  const ordinary = results.map((result) => result.ordinary);
  const p999s = ordinary.map(({ p999Ns }) => p999Ns);
  return [
    {
      id: "callout.p999",
      what: "callout, no wake-up needed, p99.9; two readings of the clock included",
      beside: `on average ${middle(ordinary, "meanNs").toFixed(0)} ns, longest of all rounds ${
        us(Math.max(...ordinary.map(({ maxNs }) => maxNs)))
      }`,
      value: median(p999s) / 1000,
      unit: "µs",
      wanted: { limit: LONGEST_NS / 1000, is: "most" },
      details: { p999s },
    },
    state("stopped", "while the host is stopped", results),
    state("full", "while the journal is full, so that it is counted as lost", results),
    state("disk", "while another process writes to the journal's disk and syncs", results, "calm"),
  ];
}

async function runOnce(program: string, folder: string): Promise<Result> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [folder] }).output();
  const decoder = new TextDecoder();
  if (!success) throw new RangeError(`Cannot measure callouts: ${decoder.decode(stderr)}`);
  return resultSchema.parse(JSON.parse(decoder.decode(stdout)));
}

function state(
  key: "stopped" | "full" | "disk",
  when: string,
  results: readonly Result[],
  besideKey: "ordinary" | "calm" = "ordinary",
): Row {
  const these = results.map((result) => result[key]);
  const beside = results.map((result) => result[besideKey]);
  const ratios = results.map((result) => result[key].meanNs / result[besideKey].meanNs);
  return {
    id: `callout.${key}`,
    what: `callout ${when}, ${middle(these, "meanNs").toFixed(0)} ns`,
    beside: `ordinary: ${middle(beside, "meanNs").toFixed(0)} ns; p99.9: ${
      us(middle(these, "p999Ns"))
    }, ordinary ${us(middle(beside, "p999Ns"))}`,
    value: median(ratios),
    unit: "×",
    wanted: { limit: RATIO_MAX, is: "most" },
    details: { ratios, p999s: these.map(({ p999Ns }) => p999Ns) },
  };
}

function middle(costs: readonly Cost[], key: keyof Cost): number {
  return median(costs.map((cost) => cost[key]));
}

function us(ns: number): string {
  return `${(ns / 1000).toFixed(1)} µs`;
}
